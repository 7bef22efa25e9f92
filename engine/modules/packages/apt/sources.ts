import type { Change, Read, Session } from '../../../core/module.js'
import { omitUndefined } from '../../../core/omit-undefined.js'
import { read } from '../../../core/read.js'
import { modeBits } from '../../support/attributes.js'
import { nulSeparated } from '../../support/nul-separated.js'
import { orUndo } from '../../support/undo.js'
import { applyKey, type KeyChange, type KeySeen, type KeyWanted, keyText, parseKey, publishedText } from './key.js'
import { listsText, parseLists } from './read.js'
import { refreshLists } from './refresh.js'
import type { RefreshChange } from './repository.js'
import type { Lists } from './seen.js'

/** What a repository needs: its file of sources, in one form or the other, its key, and the lists. */
export type RepositoryChange =
  | KeyChange
  | RefreshChange
  | (Change & { readonly kind: 'write'; readonly path: string; readonly text: string })
  | (Change & { readonly kind: 'remove'; readonly path: string })

export interface RepositorySeen {
  readonly key?: KeySeen
  readonly lists: Lists
}

/** @param sources shell text that prints files of sources, and what to make of it */
export const readRepository = <T extends object>(
  key: KeyWanted | undefined,
  sources: { readonly sh: string; readonly parse: (printed: string) => T },
): Read<T & RepositorySeen> =>
  read(
    [
      sources.sh,
      "printf '\\0'",
      key === undefined ? ':' : keyText(key.path),
      "printf '\\0'",
      key === undefined ? ':' : publishedText(key),
      "printf '\\0'",
      'export LC_ALL=C',
      listsText,
    ].join('\n'),
    raw => {
      const [files = '', printed = '', published = '', lists = ''] = nulSeparated(raw, 4)
      const seen = omitUndefined({ key: parseKey(printed, published), lists: parseLists(raw, lists) })
      return { ...sources.parse(files), ...seen }
    },
    key?.url === undefined ? {} : { timeout: 60_000 },
  )

/** @param mode of the file; that of one that is there stays by default */
export const applyRepository = async (
  change: RepositoryChange,
  { key, mode, retries }: { readonly key?: KeyWanted; readonly mode?: string; readonly retries?: number },
  host: Session,
): Promise<void> => {
  switch (change.kind) {
    case 'key':
      if (key !== undefined) await applyKey(key, host)
      return
    case 'write':
      await host.put(change.path, change.text, mode === undefined ? {} : { mode: modeBits(mode, 0o644, false) })
      return
    case 'remove':
      await host.run(['rm', '-f', change.path])
      return
    case 'refresh':
      await orUndo(host, change.undo ?? [], () => refreshLists(host, 60, retries))
      return
  }
}

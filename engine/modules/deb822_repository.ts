import { given } from '../core/given.js'
import { type Change, defineModule } from '../core/module.js'
import { read } from '../core/read.js'
import { quote } from '../shell/quote.js'
import { type Deb822Params, deb822Properties, sourcesText } from './lib/apt/deb822.js'
import { applyKey, type KeyChange, type KeySeen, type KeyWanted, keyText, parseKey, planKey } from './lib/apt/key.js'
import { listsText, parseLists } from './lib/apt/read.js'
import { refreshLists } from './lib/apt/refresh.js'
import { planRefresh, type RefreshChange, repositoryMessages, repositoryRules } from './lib/apt/repository.js'
import type { Lists } from './lib/apt/seen.js'
import { modeBits } from './lib/attributes.js'
import { diagnoseBy, fieldOr } from './lib/diagnose.js'
import { catIfThere, contents, parts } from './lib/parts.js'
import { object } from './lib/schema.js'

interface Seen {
  readonly file?: string
  readonly key?: KeySeen
  readonly lists: Lists
}

type Deb822 =
  | KeyChange
  | RefreshChange
  | (Change & { readonly kind: 'write'; readonly text: string })
  | (Change & { readonly kind: 'remove' })

/** Sources of packages in the deb822 form. Source: sources.list(5), «DEB822-STYLE FORMAT». */
export const deb822Repository = defineModule<Deb822Params, Seen, Deb822>({
  name: 'deb822_repository',
  kind: 'state',
  doc: `Adds a repository of packages by a file in /etc/apt/sources.list.d, with the key that signs it.

\`signed_by\` is a URL, the armored key itself, or the path of a key that is on the host. A key is fetched by apt's own means: a bare host
needs neither curl nor gpg. \`update_cache\`, which Ansible does not know here, fetches the package lists after a change.`,
  params: object(deb822Properties, ['name']),
  examples: `- name: Docker's packages
  deb822_repository:
    name: docker
    uris: https://download.docker.com/linux/debian
    suites: bookworm
    components: stable
    signed_by: https://download.docker.com/linux/debian/gpg
    update_cache: true
`,

  probe: p =>
    read(
      [
        catIfThere(quote(target(p))),
        "printf '\\0'",
        keyOf(p) === undefined ? ':' : keyText(keyOf(p)?.path ?? ''),
        "printf '\\0'",
        'export LC_ALL=C',
        listsText,
      ].join('\n'),
      raw => {
        const [file, key = '', lists = ''] = parts(raw, 3)
        return given({ file: contents(file), key: parseKey(key), lists: parseLists(raw, lists) })
      },
    ),

  plan(p, seen) {
    const changes: Deb822[] = []
    const path = target(p)
    if (p.state === 'absent') {
      if (seen.file !== undefined) {
        changes.push({ kind: 'remove', summary: `remove ${path}`, diff: { path, before: seen.file, after: undefined } })
      }
    } else {
      if (p.uris === undefined || p.suites === undefined)
        return { refused: 'incomplete', data: { missing: p.uris === undefined ? 'uris' : 'suites' } }
      const key = keyOf(p)
      if (key !== undefined) changes.push(...planKey(key, seen.key))
      const text = sourcesText(p, key?.path ?? p.signed_by)
      if (text !== seen.file)
        changes.push({ kind: 'write', text, summary: path, diff: { path, before: seen.file, after: text } })
    }
    changes.push(...planRefresh(p.update_cache, changes.length > 0, seen.lists))
    return { changes }
  },

  async apply(change, p, host) {
    const key = keyOf(p)
    switch (change.kind) {
      case 'key':
        if (key !== undefined) await applyKey(key, host)
        return
      case 'write':
        await host.put(target(p), change.text, { mode: p.mode === undefined ? 0o644 : modeBits(p.mode, 0o644, false) })
        return
      case 'remove':
        await host.run(['rm', '-f', target(p)])
        return
      case 'refresh':
        await refreshLists(host)
        return
    }
  },

  value: p =>
    given({
      dest: target(p),
      key_filename: keyOf(p)?.path,
      repo: p.state === 'absent' ? undefined : sourcesText(p, keyOf(p)?.path ?? p.signed_by),
    }),

  messages: {
    codes: {
      ...repositoryMessages,
      incomplete: data => ({
        what: `a repository needs \`${fieldOr(data, 'missing')}\``,
        remedy: 'add it (`suites: ./` for a repository without suites)',
      }),
    },
    diagnose: diagnoseBy(repositoryRules),
  },
})

/** As Ansible names it. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')

const target = (p: Deb822Params): string => `/etc/apt/sources.list.d/${slug(p.name)}.sources`

const keyOf = (p: Deb822Params): KeyWanted | undefined => {
  if (p.signed_by === undefined || p.signed_by.startsWith('/')) return undefined
  const path = `/etc/apt/keyrings/${slug(p.name)}.asc`
  if (/^[a-z]+:\/\//.test(p.signed_by)) return given({ path, url: p.signed_by, checksum: p.key_checksum })
  return { path, text: p.signed_by }
}

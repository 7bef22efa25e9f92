import { posix } from 'node:path'
import { NotObserved } from '../../core/failure.js'
import type { JsonObject } from '../../core/json.js'
import type { Change, Controller, Plan, Raw, Read, Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { foldersScript, linkScript } from '../../shell/safe-change.js'
import { type Attributes, applyAttributes, modeBits, type SetAttributes, setAttributes } from '../support/attributes.js'
import { sha256, sumIn } from '../support/checksum.js'
import { bytesOf, type FileBody, fileBody } from '../support/file-body.js'
import type { FileSeen } from '../support/file-seen.js'
import { nulRecords, recordOf } from '../support/nul-records.js'
import {
  barredRefusal,
  type PathStat,
  parentCheck,
  parseStat,
  saysAbsent,
  shellPath,
  statFormat,
} from '../support/path.js'
import { applyFileChange, type FileParams, type PutBody, putBody, withoutPreserve } from '../support/put-file.js'

/** A file or a folder of the tree that the controller brings; `path` is relative to the destination. */
export type TreeEntry = { readonly path: string; readonly mode: number } & (
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly body: FileBody }
  | { readonly kind: 'link'; readonly target: string }
)

export interface TreeSeen {
  /** The destination with `~` resolved. */
  readonly path: string
  /** What is on the way and no folder. */
  readonly barred?: string
  /** What is there of the wanted entries, by their paths. */
  readonly entries: {
    readonly [path: string]: { readonly stat: PathStat; readonly sha256?: string; readonly target?: string }
  }
}

export type MakeFolder = Change & {
  readonly kind: 'mkdir'
  readonly path: string
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}
export type PutEntry = PutBody & { readonly entry: string }
type MakeLink = Change & {
  readonly kind: 'link'
  readonly path: string
  readonly target: string
  readonly instead?: string
  readonly owner?: string
  readonly group?: string
}
export type TreeChange = MakeFolder | PutEntry | MakeLink | SetAttributes

/**
 * All files, folders and links below a folder of the controller, parents first.
 * @param follow what a link leads to stands in its place, but for one that leads nowhere, or to a folder that holds it: those stay links
 */
export const readTree = async (controller: Controller, root: string, follow: boolean): Promise<readonly TreeEntry[]> =>
  readBelow({ controller, follow }, root, '', [(await controller.real(root)) ?? root])

interface Walk {
  readonly controller: Controller
  readonly follow: boolean
}

/** @param within where the folders on the way really are, this one last */
const readBelow = async (
  walk: Walk,
  folder: string,
  prefix: string,
  within: readonly string[],
): Promise<readonly TreeEntry[]> => {
  const names = [...(await walk.controller.list(folder))].sort()
  const found = await Promise.all(
    names.map(name => readEntry(walk, posix.join(folder, name), posix.join(prefix, name), within)),
  )
  return found.flat()
}

const readEntry = async (
  walk: Walk,
  from: string,
  path: string,
  within: readonly string[],
): Promise<readonly TreeEntry[]> => {
  const { controller, follow } = walk
  const target = await controller.link(from)
  const real =
    target === undefined ? posix.join(within.at(-1) ?? '', posix.basename(from)) : await controller.real(from)
  if (target !== undefined && (!follow || real === undefined || within.includes(real)))
    return [{ kind: 'link', path, mode: 0o777, target }]
  const { kind, mode } = await controller.stat(from)
  if (kind === 'directory')
    return [{ kind, path, mode }, ...(await readBelow(walk, from, path, [...within, real ?? from]))]
  return [{ kind, path, mode, body: fileBody(await controller.read(from)) }]
}

/**
 * Looks at the destination of every entry: two forks, however many there are. The host answers by the places that the entries have in
 * this list: `at` of those that are there, a line of stat for each of them, `file` of the plain files among them, a line of
 * sha256sum for each of those; of links what they lead to. So no name has to come back.
 */
export const probeTree = (dest: string, entries: readonly TreeEntry[]): Read<TreeSeen> =>
  read(
    sh`b=${shellPath(dest.replace(/(?<=.)\/+$/, ''))}
printf 'path %s\0' "$b"
f=$b/.; ${new ShellText(parentCheck)}
LC_ALL=C stat -L -c ${statFormat} -- "$b" >/dev/null || exit 1
cd -- "$b" || exit 2
set -- ${entries.map(({ path }) => `./${path}`)}
n=$# i=0
for f in "$@"; do
  if [ -e "$f" ] || [ -L "$f" ]; then printf 'at %s\0' "$i"; set -- "$@" "$f"; fi
  i=$((i + 1))
done
shift $n
[ $# != 0 ] || exit 0
printf 'stats '; LC_ALL=C stat -c ${statFormat} -- "$@" || exit 2
printf '\0'
n=$# i=0
for f in "$@"; do
  if [ -L "$f" ]; then printf 'link %s\0to ' "$i"; readlink -n -- "$f" || exit 2; printf '\0'; fi
  if [ -f "$f" ] && [ ! -L "$f" ]; then printf 'file %s\0' "$i"; set -- "$@" "$f"; fi
  i=$((i + 1))
done
shift $n
[ $# != 0 ] || exit 0
printf 'sums '; sha256sum -- "$@" || exit 2
printf '\0'`,
    raw => parseTree(raw, entries),
    { timeout: 60_000 },
  )

const parseTree = (raw: Raw, entries: readonly TreeEntry[]): TreeSeen => {
  const records = nulRecords(raw)
  const path = recordOf(records, 'path') ?? ''
  const barred = recordOf(records, 'barred')
  if (barred !== undefined) return { path, barred, entries: {} }
  if (raw.rc === 1 && saysAbsent(raw)) return { path, entries: {} }
  if (raw.rc !== 0) throw new NotObserved(raw)
  const indices = (word: string): readonly number[] =>
    records.filter(record => record.word === word).map(({ value }) => Number(value))
  const lines = (word: string, count: number): readonly string[] => {
    const all = recordOf(records, word)?.trimEnd().split('\n') ?? []
    if (all.length !== count) throw new NotObserved(raw, 'the folder changed while it was read')
    return all
  }
  const [there, files] = [indices('at'), indices('file')]
  const stats = lines('stats', there.length)
  const targets = new Map(
    records.flatMap(({ word, value }, at) =>
      word === 'link' ? [[Number(value), records[at + 1]?.value ?? ''] as const] : [],
    ),
  )
  const sums = new Map(lines('sums', files.length).map((line, index) => [files[index], sumIn(line)]))
  const seen = there.map((at, index) => {
    const stat = parseStat(stats[index] ?? '')
    const name = entries[at]?.path
    if (stat === undefined || name === undefined)
      throw new NotObserved(raw, 'stat answered in a form that is not known')
    return [name, { stat, ...omitUndefined({ sha256: sums.get(index), target: targets.get(index) }) }] as const
  })
  return { path, entries: Object.fromEntries(seen) }
}

export const planTree = (params: FileParams, entries: readonly TreeEntry[], seen: TreeSeen): Plan<TreeChange> => {
  if (seen.barred !== undefined) return barredRefusal(seen.barred)
  for (const { kind, path } of entries) {
    const there = seen.entries[path]?.stat.kind
    if (kind === 'directory' && there !== undefined && there !== 'directory')
      return barredRefusal(posix.join(seen.path, path))
    if (kind === 'file' && there === 'directory' && params.force)
      return { refused: 'is-directory', data: { path: posix.join(seen.path, path) } }
  }
  return { changes: entries.flatMap(entry => planEntry(params, entry, seen)) }
}

const planEntry = (params: FileParams, entry: TreeEntry, seen: TreeSeen): readonly TreeChange[] => {
  const path = posix.join(seen.path, entry.path)
  const found = seen.entries[entry.path]
  const { owner, group } = params as Attributes
  const owners: Attributes = omitUndefined({ owner, group })
  if (entry.kind === 'directory') {
    const wanted = params.directory_mode === undefined ? owners : { ...owners, mode: params.directory_mode }
    return found?.stat.kind === 'directory' ? setAttributes(path, wanted, found.stat) : [makeFolder(path, wanted)]
  }
  if (entry.kind === 'link') {
    if (found?.target === entry.target) return setAttributes(path, owners, found.stat)
    return [makeLink(path, entry.target, owners, found?.stat.kind)]
  }
  if (found !== undefined && !params.force) return []
  const wanted = withoutPreserve(params, entry)
  if (found?.stat.kind === 'file' && found.sha256 === sha256(bytesOf(entry.body)))
    return setAttributes(path, wanted, found.stat)
  const file: FileSeen = { path, parent: true, ...(found ?? {}) }
  return [{ ...putBody(params, wanted, entry.body, file), entry: entry.path }]
}

const makeFolder = (path: string, wanted: Attributes): MakeFolder => ({
  kind: 'mkdir',
  path,
  ...(wanted.owner === undefined ? {} : { owner: wanted.owner }),
  ...(wanted.group === undefined ? {} : { group: wanted.group }),
  ...(wanted.mode === undefined ? {} : { mode: modeBits(wanted.mode, undefined, true) }),
  summary: `${path}: new directory`,
})

const makeLink = (path: string, target: string, wanted: Attributes, instead: string | undefined): MakeLink => ({
  kind: 'link',
  path,
  target,
  ...omitUndefined({ instead, owner: wanted.owner, group: wanted.group }),
  summary: `${path} → ${target}`,
})

export const applyTree = async (
  change: TreeChange,
  entries: readonly TreeEntry[],
  host: Session,
): Promise<JsonObject | void> => {
  switch (change.kind) {
    case 'mkdir':
      await host.shell(foldersScript(change.path, change), { shown: `make the folder ${change.path}` })
      return applyAttributes(host, change)
    case 'attributes':
      return applyAttributes(host, change)
    case 'link':
      await host.shell(foldersScript(posix.dirname(change.path), {}), { shown: `make the folder of ${change.path}` })
      await host.shell(linkScript(change.path, change.target, change.instead), {
        shown: `make the link ${change.path}`,
      })
      return applyAttributes(host, change)
    case 'put': {
      const entry = entries.find(({ path }) => path === change.entry)
      if (entry?.kind !== 'file') throw new TypeError(`there is no file '${change.entry}' in what was prepared`)
      await host.shell(foldersScript(posix.dirname(change.path), {}), { shown: `make the folder of ${change.path}` })
      await applyFileChange(change, entry.body, host)
    }
  }
}

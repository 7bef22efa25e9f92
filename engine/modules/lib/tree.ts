import { posix } from 'node:path'
import { NotObserved } from '../../core/failure.js'
import type { JsonObject } from '../../core/json.js'
import type { Change, Controller, Plan, Raw, Read, Session } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { foldersScript } from '../../shell/safe-change.js'
import { type Attributes, applyAttributes, modeBits, type SetAttributes, setAttributes } from './attributes.js'
import { type Body, bodyOf, bytesOf } from './body.js'
import { sha256 } from './checksum.js'
import type { FileSeen } from './file.js'
import { type PathStat, parseStat, saysAbsent, shellPath, statFormat } from './path.js'
import { applyPlacing, type PlacedFile, type PutBody, putBody, withoutPreserve } from './place-file.js'

/** A file or a folder of the tree that the controller brings; `path` is relative to the destination. */
export type TreeEntry = { readonly path: string; readonly mode: number } & (
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly body: Body }
)

export interface TreeSeen {
  /** The destination with `~` resolved. */
  readonly path: string
  /** What is there of the wanted entries, by their paths. */
  readonly entries: { readonly [path: string]: { readonly stat: PathStat; readonly sha256?: string } }
}

export type MakeFolder = Change & {
  readonly kind: 'mkdir'
  readonly path: string
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}
export type PutEntry = PutBody & { readonly entry: string }
export type TreeChange = MakeFolder | PutEntry | SetAttributes

/** All files and folders below a folder of the controller, parents first. */
export const readTree = async (controller: Controller, root: string, prefix = ''): Promise<readonly TreeEntry[]> => {
  const names = [...(await controller.list(root))].sort()
  const found = await Promise.all(
    names.map(name => readEntry(controller, posix.join(root, name), posix.join(prefix, name))),
  )
  return found.flat()
}

const readEntry = async (controller: Controller, from: string, path: string): Promise<readonly TreeEntry[]> => {
  const { kind, mode } = await controller.stat(from)
  if (kind === 'directory') return [{ kind, path, mode }, ...(await readTree(controller, from, path))]
  return [{ kind, path, mode, body: bodyOf(await controller.read(from)) }]
}

/** Looks at the destination of every entry: two forks, however many there are. */
export const probeTree = (dest: string, entries: readonly TreeEntry[]): Read<TreeSeen> =>
  read(
    sh`b=${shellPath(dest.replace(/(?<=.)\/+$/, ''))}
printf '%s\n' "$b"
LC_ALL=C stat -L -c ${statFormat} -- "$b" >/dev/null || exit 1
cd -- "$b" || exit 2
set -- ${entries.map(({ path }) => path)}
[ $# = 0 ] || LC_ALL=C stat -c ${`${statFormat}|%n`} -- "$@"
n=$#
for f in "$@"; do if [ -f "$f" ] && [ ! -L "$f" ]; then set -- "$@" "$f"; fi; done
shift $n
echo
[ $# = 0 ] || sha256sum -- "$@" || exit 2
exit 0`,
    parseTree,
    { timeout: 60_000 },
  )

const parseTree = (raw: Raw): TreeSeen => {
  const [path = '', ...lines] = text(raw.stdout).split('\n')
  if (raw.rc === 1 && saysAbsent(raw)) return { path, entries: {} }
  if (raw.rc !== 0 || !onlyAbsent(raw)) throw new NotObserved(raw)
  const blank = lines.indexOf('')
  const sums = new Map(lines.slice(blank + 1).map(line => [line.slice(66), line.slice(0, 64)]))
  const entries = lines.slice(0, blank).map(line => {
    const name = line.split('|').slice(12).join('|')
    const stat = parseStat(line.split('|').slice(0, 12).join('|'))
    if (stat === undefined) throw new NotObserved(raw, 'stat answered in a form that is not known')
    const sum = sums.get(name)
    return [name, sum === undefined ? { stat } : { stat, sha256: sum }] as const
  })
  return { path, entries: Object.fromEntries(entries) }
}

/** Every complaint is that there is no such file. */
const onlyAbsent = (raw: Raw): boolean =>
  text(raw.stderr)
    .split('\n')
    .every(line => line === '' || /No such file or directory|Not a directory/.test(line))

export const planTree = (params: PlacedFile, entries: readonly TreeEntry[], seen: TreeSeen): Plan<TreeChange> => ({
  changes: entries.flatMap(entry => planEntry(params, entry, seen)),
})

const planEntry = (params: PlacedFile, entry: TreeEntry, seen: TreeSeen): readonly TreeChange[] => {
  const path = posix.join(seen.path, entry.path)
  const found = seen.entries[entry.path]
  const { mode: _fileMode, ...owners } = params as Attributes
  if (entry.kind === 'directory') {
    const wanted = params.directory_mode === undefined ? owners : { ...owners, mode: params.directory_mode }
    return found?.stat.kind === 'directory' ? setAttributes(path, wanted, found.stat) : [makeFolder(path, wanted)]
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
    case 'put': {
      const entry = entries.find(({ path }) => path === change.entry)
      if (entry?.kind !== 'file') throw new TypeError(`there is no file '${change.entry}' in what was prepared`)
      await host.shell(foldersScript(posix.dirname(change.path), {}), { shown: `make the folder of ${change.path}` })
      await applyPlacing(change, entry.body, host)
    }
  }
}

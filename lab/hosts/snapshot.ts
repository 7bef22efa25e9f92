import { createHash } from 'node:crypto'
import { type BigIntStats, createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { hostPaths } from '../state/paths.js'

type FileType = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'device' | 'deleted'

/** What a path looked like: anything that a write would have changed. */
interface Seen {
  readonly type: FileType
  /** Permission bits, octal: '0644'. */
  readonly mode: string
  readonly owner: string
  /** Bytes; 0 for what is no file. */
  readonly size: number
  /** Nanoseconds since 1970. */
  readonly mtime: string
  /** sha256 of a file's bytes in hex, a link's target, or ''. */
  readonly content: string
}

/** By path as the host sees it. Only what the host wrote since it was bare: the base below is read-only. */
export type Snapshot = ReadonlyMap<string, Seen>

interface Difference {
  readonly path: string
  readonly before: Seen | undefined
  readonly after: Seen | undefined
}

/**
 * Written by sshd, PAM and the journal for every login and every sudo, whoever logs in and whatever they do: a reading client
 * cannot help it. Everything else that changes was written by what ran.
 */
const LOGIN_RECORDS = /^\/var\/log\/(journal|wtmp|btmp|lastlog|faillog)(\/|$)/

/**
 * The host's whole disk above its base, with the folders bound into it. tmpfs (/run, /dev/shm) is not disk.
 * @param ignore more paths to leave out, such as a running containerd's own
 */
export const snapshot = async (lab: string, host: string, ignore?: RegExp): Promise<Snapshot> => {
  const { upper, bound } = hostPaths(lab, host)
  const entries: [string, Seen][] = []
  const visit = async (outside: string, inside: string): Promise<void> => {
    if (LOGIN_RECORDS.test(inside) || ignore?.test(inside)) return
    const stats = await lstat(outside, { bigint: true }).catch(() => undefined)
    if (stats === undefined) return
    entries.push([inside === '' ? '/' : inside, await look(outside, stats)])
    if (!stats.isDirectory()) return
    for (const name of await readdir(outside).catch(() => [])) await visit(join(outside, name), `${inside}/${name}`)
  }
  await visit(upper, '')
  for (const [inside, outside] of Object.entries(bound)) await visit(outside, inside)
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What changed between two snapshots, by path; empty when nothing was written. */
export const diffSnapshots = (before: Snapshot, after: Snapshot): readonly Difference[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .map(path => ({ path, before: before.get(path), after: after.get(path) }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))

const look = async (path: string, stats: BigIntStats): Promise<Seen> => {
  const type = typeOf(stats)
  return {
    type,
    mode: (Number(stats.mode) & 0o7777).toString(8).padStart(4, '0'),
    owner: `${stats.uid}:${stats.gid}`,
    size: type === 'file' ? Number(stats.size) : 0,
    mtime: String(stats.mtimeNs),
    content: type === 'file' ? await digest(path) : type === 'link' ? await readlink(path).catch(() => '') : '',
  }
}

const typeOf = (stats: BigIntStats): FileType => {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isSocket()) return 'socket'
  /** overlayfs marks what was deleted from the base by a character device 0/0. */
  return stats.isCharacterDevice() && stats.rdev === 0n ? 'deleted' : 'device'
}

const digest = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return 'gone while it was read'
  }
}

import { posix } from 'node:path'
import type { Look } from '../../core/module.js'

/** The paths that a step would write, as in `Look`; undefined: it may write anything. */
export type Writes = readonly string[] | undefined

/**
 * Whether a step may change what was read. A step that may change anything (a package, a script) is assumed to bring
 * what is missing, but not to remove what exists: otherwise nothing would be known after the first such step.
 */
export const mayDiffer = ({ at, absent }: Look, writes: Writes): boolean => {
  const absolute = writes?.filter(posix.isAbsolute) ?? []
  // A path relative to an unknown folder may be anywhere.
  const anywhere = writes === undefined || absolute.length < writes.length
  if (at === 'anything' || !at.every(posix.isAbsolute)) return anywhere || absolute.length > 0
  return (anywhere && absent) || at.some(asked => absolute.some(written => overlap(asked, written)))
}

const overlap = (one: string, other: string): boolean => {
  const [a, b] = [bare(one), bare(other)]
  return a === b || (isTree(one) && b.startsWith(`${a}/`)) || (isTree(other) && a.startsWith(`${b}/`))
}

/** A path for everything beneath it; `//` is the whole file system. */
const isTree = (path: string): boolean => path.endsWith('/') && path !== '/'

/**
 * The path without the final slash, and with the links that distributions have (`/bin`, `/var/run`) resolved:
 * file-hierarchy(7).
 */
const bare = (path: string): string =>
  posix
    .normalize(path)
    .replace(/\/$/, '')
    .replace(/^\/(?=(?:s?bin|lib(?:32|64|x32)?)(?:\/|$))/, '/usr/')
    .replace(/^\/var(?=\/run(?:\/|$))/, '')
    .replace(/^\/var(?=\/lock(?:\/|$))/, '/run')

import { posix } from 'node:path'
import type { Look } from '../../core/module.js'

/** The paths that a step would write, as in `Look`; undefined: it may change anything. */
export type Writes = readonly string[] | undefined

/**
 * Whether what was looked at may be another thing once these are written. Who may change anything is taken to bring what is not there,
 * and to leave alone what is: packages and scripts rarely remove, and otherwise nothing would be known after the first of them.
 */
export const mayDiffer = ({ at, absent }: Look, writes: Writes): boolean => {
  const placed = writes?.filter(posix.isAbsolute) ?? []
  // Below a home, or a folder, that nobody knows: it may be anywhere.
  const anywhere = writes === undefined || placed.length < writes.length
  if (at === 'anything' || !at.every(posix.isAbsolute)) return anywhere || placed.length > 0
  return (anywhere && absent) || at.some(asked => placed.some(written => meet(asked, written)))
}

const meet = (one: string, other: string): boolean => {
  const [a, b] = [bare(one), bare(other)]
  return a === b || (isTree(one) && b.startsWith(`${a}/`)) || (isTree(other) && a.startsWith(`${b}/`))
}

/** `//` is all there is. */
const isTree = (path: string): boolean => path.endsWith('/') && path !== '/'

/** Without the slash at its end, and with the names that distributions keep as links written out: file-hierarchy(7). */
const bare = (path: string): string =>
  posix
    .normalize(path)
    .replace(/\/$/, '')
    .replace(/^\/(?=(?:s?bin|lib(?:32|64|x32)?)(?:\/|$))/, '/usr/')
    .replace(/^\/var(?=\/run(?:\/|$))/, '')
    .replace(/^\/var(?=\/lock(?:\/|$))/, '/run')

import { posix } from 'node:path'
import type { Look } from '../../core/module.js'

/**
 * A file that a step writes: under the name that it was given, and where that leads. `~` only the host can tell, and whether it is a
 * folder, to which the file goes.
 */
export const fileAt = (path: string, seen: { readonly path: string } | undefined): readonly string[] => {
  if (seen === undefined) return [treeAt(path)]
  const name = bare(path)
  const isItself = posix.isAbsolute(name) && posix.dirname(seen.path) !== name
  return [...new Set([...(isItself ? [name] : []), seen.path])]
}

/** All of a folder, be it there or not. */
export const treeAt = (path: string): string => `${bare(path)}/`

/** A look at one path, by each of its names. */
export const lookAt = (names: readonly (string | undefined)[], found: boolean): Look => {
  const at = names.flatMap(name => (name === undefined ? [] : [found ? bare(name) : treeAt(name)]))
  return { at, absent: !found }
}

/** What the programs of shadow-utils keep accounts in, their copies of it (`passwd-`), and mail. Source: useradd(8), FILES. */
export const accountFiles: readonly string[] = [
  ...['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'].flatMap(name => [`/etc/${name}`, `/etc/${name}-`]),
  '/var/mail/',
  '/var/spool/mail/',
]

const bare = (path: string): string => path.replace(/(?<=.)\/+$/, '')

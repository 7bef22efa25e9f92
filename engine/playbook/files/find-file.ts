import { existsSync, statSync } from 'node:fs'
import { extname, isAbsolute, join } from 'node:path'
import { isFolder } from '../../config/files/local-file.js'
import { lookedFor } from '../../config/files/near-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { namesIn } from '../../config/files/text.js'
import type { Source } from '../../core/source.js'
import type { Origin } from '../../core/step.js'
import type { Context } from '../context.js'

/** Where a name in a task file is looked for, nearest first: beside the file, in the role, beside the playbook. */
export const placesFor = (origin: Origin, inRole: 'tasks' | 'vars', name: string): readonly string[] => {
  if (isAbsolute(name)) return [name]
  const { role, dir, playDir } = origin
  const dirs = [
    ...(inRole === 'vars' && role !== undefined ? [join(role.path, 'vars')] : []),
    dir,
    ...(role === undefined ? [] : [join(role.path, inRole), role.path]),
    ...(role === undefined ? [join(playDir, inRole)] : []),
    playDir,
  ]
  return [...new Set(dirs.map(one => join(one, name)))]
}

export const endings = ['.yml', '.yaml', '.json'] as const

/** The first that is there; a name without an ending may be that of a .yml, .yaml or .json file. */
export const firstFile = (places: readonly string[]): string | undefined => {
  for (const place of places) {
    if (mayBeFile(place)) return place
    if (extname(place) !== '') continue
    const found = endings.map(ending => place + ending).find(mayBeFile)
    if (found !== undefined) return found
  }
  return undefined
}

export const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

/** There, and no folder. A pipe or a device in a file's place is refused when it is read, and not passed over. */
export const mayBeFile = (path: string): boolean => existsSync(path) && !isFolder(path)

/** Names of the folders in a folder, for hints: one that cannot be read has none. */
export const foldersIn = (folder: string): readonly string[] => {
  try {
    return namesIn(folder).filter(name => isFolder(join(folder, name)))
  } catch {
    return []
  }
}

/** Names the places that were looked at. */
export const notFound = (
  context: Context,
  what: string,
  name: string,
  places: readonly string[],
  source: Source,
): void => {
  // Who knows what it would bring.
  context.into.mayBring(context)
  context.into.problems.add(`no such ${what}: ${name}`, source, lookedFor(name, places, shownPath))
}

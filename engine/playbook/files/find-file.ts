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
export const candidatesNear = (origin: Origin, inRole: 'tasks' | 'vars', name: string): readonly string[] => {
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
export const firstFile = (candidates: readonly string[]): string | undefined => {
  for (const path of candidates) {
    if (mayBeFile(path)) return path
    if (extname(path) !== '') continue
    const found = endings.map(ending => path + ending).find(mayBeFile)
    if (found !== undefined) return found
  }
  return undefined
}

export const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

/** Whether something other than a folder is there. A pipe or a device is refused when it is read, and not passed over. */
export const mayBeFile = (path: string): boolean => existsSync(path) && !isFolder(path)

/** Names of the folders in a folder, for hints; none where it cannot be read. */
export const foldersIn = (folder: string): readonly string[] => {
  try {
    return namesIn(folder).filter(name => isFolder(join(folder, name)))
  } catch {
    return []
  }
}

/** A problem that names the paths that were looked at. */
export const notFound = (
  context: Context,
  what: string,
  name: string,
  candidates: readonly string[],
  source: Source,
): void => {
  context.into.mayBring(context)
  context.into.problems.add(`no such ${what}: ${name}`, source, lookedFor(name, candidates, shownPath))
}

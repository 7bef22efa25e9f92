import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and its parents, like `mkdir -p`. Node's `recursive` option does not return where the system refuses
 * the folder although its parent exists, as in /proc.
 * @throws Node's error
 */
export const makeFolders = (path: string, mode: number): void => {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const above = dirname(path)
    if (code !== 'ENOENT' || existsSync(above)) throw error
    makeFolders(above, mode)
    mkdirSync(path, { mode })
  }
}

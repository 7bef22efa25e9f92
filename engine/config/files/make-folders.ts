import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A folder and those above it, as `mkdir -p` makes them. Node's own `recursive` never ends where the system makes no folder though the one
 * above is there: in /proc.
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

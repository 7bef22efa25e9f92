import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder above a file that contains `sign`. */
const above = (file: string, sign: string): string => {
  const folder = dirname(file)
  if (folder === file || existsSync(join(folder, sign))) return folder
  return above(folder, sign)
}

/** The folder of the running code, with `engine/` and `roles/` in it: the compiler's output, or the bundle. */
export const codeDir = above(fileURLToPath(import.meta.url), 'engine/index.js')

/** The folder of the package, with its package.json and the files of roles that are not code. */
export const packageDir = above(codeDir, 'package.json')

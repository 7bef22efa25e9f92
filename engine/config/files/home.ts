import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder above a file that holds `sign`. */
const above = (file: string, sign: string): string => {
  const folder = dirname(file)
  if (folder === file || existsSync(join(folder, sign))) return folder
  return above(folder, sign)
}

/** Where the running code lies, with `engine/` and `roles/` in it: what the compiler wrote, or the bundle made of that. */
export const codeDir = above(fileURLToPath(import.meta.url), 'engine/index.js')

/** The package: its package.json, and what roles bring beside their code. */
export const packageDir = above(codeDir, 'package.json')

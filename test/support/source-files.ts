import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All TypeScript files beneath a folder. */
export const sourceFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .sort()
    .map(name => join(folder, name))

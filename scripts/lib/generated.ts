import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesUnder, root } from './project.js'

/** Generated files: path from the root → text. */
export type Files = ReadonlyMap<string, string>

/** Generated files that are missing, different or obsolete. All files in `folders` are generated. */
export const outdated = (files: Files, folders: readonly string[], base = root): readonly string[] => [
  ...[...files].filter(([path, text]) => present(join(base, path)) !== text).map(([path]) => path),
  ...obsolete(files, folders, base),
]

export const write = (files: Files, folders: readonly string[], base = root): void => {
  for (const [path, text] of files) {
    if (present(join(base, path)) === text) continue
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  for (const path of obsolete(files, folders, base)) rmSync(join(base, path))
}

/** Files in those folders that are no longer generated. */
const obsolete = (files: Files, folders: readonly string[], base: string): readonly string[] =>
  folders.flatMap(folder => filesUnder(folder, base)).filter(path => !files.has(path))

const present = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

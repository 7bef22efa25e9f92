import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesUnder, root } from './project.js'

/** Files that are generated: path from the root → text. */
export type Files = ReadonlyMap<string, string>

/** What is not as it should be in the folders that are all generated, and among single files. */
export const outdated = (files: Files, folders: readonly string[], base = root): readonly string[] => [
  ...[...files].filter(([path, text]) => present(join(base, path)) !== text).map(([path]) => path),
  ...left(files, folders, base),
]

export const write = (files: Files, folders: readonly string[], base = root): void => {
  for (const [path, text] of files) {
    if (present(join(base, path)) === text) continue
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  for (const path of left(files, folders, base)) rmSync(join(base, path))
}

/** In those folders, and generated no more. */
const left = (files: Files, folders: readonly string[], base: string): readonly string[] =>
  folders.flatMap(folder => filesUnder(folder, base)).filter(path => !files.has(path))

const present = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

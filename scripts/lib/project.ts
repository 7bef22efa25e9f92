import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder; this file runs in dist/scripts/lib. */
export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

/** The folders whose TypeScript is compiled: tsconfig's `include`. */
export const sourceFolders = ['bin', 'engine', 'roles', 'lab', 'scripts', 'test', 'bench'] as const

/** All files under a folder, as paths from `base`; none where the folder is missing. */
export const filesUnder = (folder: string, base = root): readonly string[] => {
  try {
    return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(base, join(entry.parentPath, entry.name)))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** All TypeScript sources, as paths from `base`. */
export const sources = (base = root): readonly string[] =>
  sourceFolders.flatMap(folder => filesUnder(folder, base)).filter(file => file.endsWith('.ts'))

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './project.js'

/** A file that defines modules. */
export interface ModuleFile {
  /** The path from engine/modules: `files/copy.ts`. */
  readonly file: string
  /** The names that it exports: `copy`. */
  readonly names: readonly string[]
}

/** Every file below engine/modules with an `export const … = defineModule`, sorted by path. */
export const moduleFiles = (base = root): readonly ModuleFile[] => {
  const folder = join(base, 'engine/modules')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .sort()
    .map(file => ({ file, names: defined(readFileSync(join(folder, file), 'utf8')) }))
    .filter(({ names }) => names.length > 0)
}

/** The folders with modules, from engine/modules: `files`, `kube/cluster`. A new module goes into one of them. */
export const moduleFolders = (base = root): readonly string[] => [
  ...new Set(moduleFiles(base).map(({ file }) => dirname(file))),
]

const defined = (text: string): readonly string[] =>
  [...text.matchAll(/^export const (\w+) = defineModule\b/gm)].map(([, name = '']) => name)

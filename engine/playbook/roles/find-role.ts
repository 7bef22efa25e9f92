import { existsSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { codeDir, packageDir } from '../../config/home.js'
import { isFile, isFolder } from '../find-file.js'

/** A role by its name: where it lies, and in which language it is written. */
export interface FoundRole {
  readonly name: string
  /** Its folder: files/, templates/ and README are there. */
  readonly path: string
  /** Its code, where it is a TypeScript role. */
  readonly code?: string
}

/** tkplay's own roles: compiled beside the compiled engine, their templates in the package's roles/. */
export const bundledFolder = join(codeDir, 'roles')
const packaged = join(packageDir, 'roles')

/** The folders in which roles are looked for, nearest first. */
export const roleFolders = (playDir: string, rolesPath: readonly string[], beside?: string): readonly string[] => [
  ...new Set([join(playDir, 'roles'), ...(beside === undefined ? [] : [beside]), ...rolesPath, playDir, bundledFolder]),
]

/** Undefined where no folder has it. */
export const findRole = (name: string, folders: readonly string[]): FoundRole | undefined => {
  if (isAbsolute(name) || name.startsWith('./') || name.startsWith('../')) {
    return folders.map(folder => roleAt(resolve(folder, name), basename(name))).find(found => found !== undefined)
  }
  return folders.map(folder => roleAt(join(folder, name), name)).find(found => found !== undefined)
}

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'files', 'templates']

const roleAt = (path: string, name: string): FoundRole | undefined => {
  const code = ['role.ts', 'role.mts', 'role.js', 'role.mjs'].map(file => join(path, file)).find(isFile)
  if (code !== undefined) return { name, path: pathOf(path), code }
  return parts.some(part => isFolder(join(path, part))) ? { name, path } : undefined
}

const pathOf = (path: string): string => {
  const source = join(packaged, basename(path))
  return dirname(path) === bundledFolder && existsSync(source) ? source : path
}

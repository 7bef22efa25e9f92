import { existsSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { codeDir, packageDir } from '../../config/files/home.js'
import { isFolder } from '../../config/files/local-file.js'
import { isFile } from '../files/find-file.js'
import { ansibleFolders } from './ansible-folders.js'

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
  ...new Set([
    join(playDir, 'roles'),
    ...(beside === undefined ? [] : [beside]),
    ...rolesPath,
    playDir,
    bundledFolder,
    // In a clone, a role that is newer than the build runs from its source.
    packaged,
    ...ansibleFolders().roles,
  ]),
]

/** Folders that hold `ansible_collections`: beside the playbook, around the files, and where ansible-galaxy installs. */
export const collectionFolders = (playDir: string, beside = playDir): readonly string[] => [
  ...new Set([
    join(playDir, 'collections'),
    ...[playDir, beside].flatMap(folder => around(resolve(folder))),
    ...ansibleFolders().collections,
  ]),
]

const around = (folder: string): readonly string[] => {
  const at = folder.lastIndexOf('/ansible_collections/')
  return at === -1 ? [] : [folder.slice(0, at)]
}

/** `namespace.collection.role`, and the collection of such a name; undefined for any other. */
export const collectionOf = (name: string): string | undefined => /^(\w+\.\w+)(?:\.\w+)+$/.exec(name)?.[1]

const inCollection = (name: string, folder: string): string => {
  const [namespace = '', collection = '', ...role] = name.split('.')
  return join(folder, 'ansible_collections', namespace, collection, 'roles', ...role)
}

/** The role, from the first folder that has it. */
export const findRole = (
  name: string,
  folders: readonly string[],
  collections: readonly string[] = [],
): FoundRole | undefined => {
  if (isAbsolute(name) || name.startsWith('./') || name.startsWith('../')) {
    return folders.map(folder => roleAt(resolve(folder, name), basename(name))).find(found => found !== undefined)
  }
  const candidates = [
    ...folders.map(folder => join(folder, name)),
    ...(collectionOf(name) === undefined ? [] : collections.map(folder => inCollection(name, folder))),
  ]
  return candidates.map(path => roleAt(path, name)).find(found => found !== undefined)
}

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'files', 'templates']

/** A role of a collection is called by its full name, also where a neighbour names it. */
const fullName = (path: string): string | undefined =>
  /\/ansible_collections\/([^/]+\/[^/]+)\/roles\/(.+)$/.exec(resolve(path))?.slice(1).join('.').replaceAll('/', '.')

const roleAt = (path: string, written: string): FoundRole | undefined => {
  const name = fullName(path) ?? written
  const code = ['role.ts', 'role.mts', 'role.js', 'role.mjs'].map(file => join(path, file)).find(isFile)
  if (code !== undefined) return { name, path: pathOf(path), code }
  return parts.some(part => isFolder(join(path, part))) ? { name, path } : undefined
}

const pathOf = (path: string): string => {
  const source = join(packaged, basename(path))
  return dirname(path) === bundledFolder && existsSync(source) ? source : path
}

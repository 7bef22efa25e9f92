import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import type { Role } from '../../core/role.js'
import { bundledFolder, findRole } from './find-role.js'
import { loadRole } from './load-role.js'

/** tkplay's own roles, by name. */
export const bundledRoles = async (): Promise<readonly Role<never>[]> => {
  const names = await readdir(bundledFolder).catch(() => [])
  const files = names.sort().flatMap(name => findRole(name, [bundledFolder])?.code ?? [])
  return Promise.all(files.filter(file => file.startsWith(join(bundledFolder, '/'))).map(loadRole))
}

/** A role's README without its title; '' where it has none. */
export const readmeOf = (name: string): string => {
  const path = findRole(name, [bundledFolder])?.path ?? ''
  try {
    return readLocal(join(path, 'README.md'))
      .toString()
      .replace(/^# .*\n+/, '')
  } catch {
    return ''
  }
}

import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Origin } from '../../core/step.js'

/** The folders in which a task's files are looked for, Ansible's `ansible_search_path`: its role's, its own file's, the playbook's. */
export const searchPath = ({ role, dir, playDir }: Origin): readonly string[] => [
  ...new Set([...(role === undefined ? [] : [role.path]), dir, playDir].map(folder => resolve(folder))),
]

/** Where a file may be, in the order of looking: in each folder, with and without the kind's own folder where there is one. */
export const candidatesIn = (folders: readonly string[], kind: Kind | undefined, name: string): readonly string[] => {
  if (isAbsolute(name)) return [name]
  const own = kind === undefined || name.split('/')[0] === kind ? [''] : [kind, '']
  const [role = ''] = folders
  return folders.flatMap(folder => {
    // A file of tasks in a folder of its own below the role's.
    const below = dirname(folder) === join(role, 'tasks')
    const deeper = below ? [...(kind === undefined ? [] : [join(role, kind, name)]), join(role, 'tasks', name)] : []
    return [...deeper, ...own.map(sub => join(folder, sub, name))]
  })
}

/** What a role has a folder for. */
export type Kind = 'files' | 'templates' | 'vars'

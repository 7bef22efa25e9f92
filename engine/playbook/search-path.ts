import { isAbsolute, join, resolve } from 'node:path'
import type { Origin } from '../core/step.js'

/** The folders in which a task's files are looked for, Ansible's `ansible_search_path`: its role's, its own file's, the playbook's. */
export const searchPath = ({ role, dir, playDir }: Origin): readonly string[] => [
  ...new Set([...(role === undefined ? [] : [role.path]), dir, playDir].map(folder => resolve(folder))),
]

/** Where a file may be, in the order of looking: in each folder, with and without the kind's own folder. */
export const placesIn = (folders: readonly string[], kind: 'files' | 'templates', name: string): readonly string[] =>
  isAbsolute(name) ? [name] : folders.flatMap(folder => [join(folder, kind, name), join(folder, name)])

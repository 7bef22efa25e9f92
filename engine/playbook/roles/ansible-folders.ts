import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Folders outside of a project in which Ansible looks for what `ansible-galaxy` installs. */
export interface AnsibleFolders {
  readonly roles: readonly string[]
  /** Each with `ansible_collections` in it. */
  readonly collections: readonly string[]
}

export const ansibleFolders = (env: { readonly [name: string]: string | undefined } = process.env): AnsibleFolders => {
  const home = withHome(env['ANSIBLE_HOME'] ?? '~/.ansible')
  return {
    roles: foldersIn(env['ANSIBLE_ROLES_PATH']) ?? [
      join(home, 'roles'),
      '/usr/share/ansible/roles',
      '/etc/ansible/roles',
    ],
    collections: foldersIn(env['ANSIBLE_COLLECTIONS_PATH'] ?? env['ANSIBLE_COLLECTIONS_PATHS']) ?? [
      join(home, 'collections'),
      '/usr/share/ansible/collections',
    ],
  }
}

const foldersIn = (paths: string | undefined): readonly string[] | undefined =>
  paths === undefined || paths === ''
    ? undefined
    : paths
        .split(':')
        .filter(path => path !== '')
        .map(withHome)

const withHome = (path: string): string => resolve(path.replace(/^~(?=\/|$)/, homedir))

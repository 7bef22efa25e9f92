import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Source } from '../core/source.js'
import { readLocal } from './files/local-file.js'
import type { LoadedSettings, Settings } from './settings.js'

/**
 * The settings of an ansible.cfg that have a counterpart in tkplay. tkplay does not apply them; they are for warnings
 * and hints.
 */
export interface AnsibleCfg {
  readonly file: string
  readonly entries: readonly Entry[]
}

interface Entry {
  readonly key: string
  readonly setting: keyof Settings
  readonly value: string
  readonly source: Source
}

/** `SECTION.KEY` of ansible.cfg → the setting of tkplay with the same meaning. */
export const counterparts: ReadonlyMap<string, keyof Settings> = new Map([
  ['defaults.inventory', 'inventory'],
  ['defaults.roles_path', 'roles_path'],
  ['defaults.remote_user', 'user'],
  ['defaults.private_key_file', 'private_key'],
  ['defaults.forks', 'forks'],
  ['defaults.timeout', 'timeout'],
  ['defaults.force_handlers', 'force_handlers'],
  ['privilege_escalation.become', 'become'],
  ['privilege_escalation.become_user', 'become_user'],
  ['privilege_escalation.become_method', 'become_method'],
  ['ssh_connection.ssh_args', 'ssh_common_args'],
  ['ssh_connection.ssh_common_args', 'ssh_common_args'],
  ['diff.always', 'diff'],
])

/** The ansible.cfg that Ansible would read: the one that ANSIBLE_CONFIG names, or the first in `folders`. */
export const findAnsibleCfg = (folders: readonly string[], named: string | undefined): AnsibleCfg | undefined => {
  const paths = [
    ...(named === undefined || named === '' ? [] : [named]),
    ...folders.map(folder => join(folder, 'ansible.cfg')),
  ]
  const path = paths.find(existsSync)
  if (path === undefined) return undefined
  const here = `${process.cwd()}/`
  const file = path.startsWith(here) ? path.slice(here.length) : path
  try {
    return { file, entries: entriesIn(readLocal(path).toString(), file) }
  } catch {
    // A folder, a pipe or an unreadable file is no error: tkplay does not need it.
    return undefined
  }
}

const entriesIn = (text: string, file: string): readonly Entry[] => {
  let section = ''
  return text.split(/\r?\n/).flatMap((line, index): readonly Entry[] => {
    section = /^\[([^\]]+)\]/.exec(line)?.[1] ?? section
    const [, key = '', value = ''] = /^([A-Za-z_]+)\s*[=:]\s*(.*?)\s*(?:\s;.*)?$/.exec(line) ?? []
    const setting = counterparts.get(`${section}.${key}`)
    if (setting === undefined || value === '') return []
    return [{ key, setting, value, source: { file, line: index + 1, col: 1 } }]
  })
}

/** A warning about settings of ansible.cfg that are set nowhere else, with the lines to write into tkplay.yml. */
export const ansibleCfgWarnings = (
  { file, entries }: AnsibleCfg,
  origin: LoadedSettings['origin'],
): readonly Diagnostic[] => {
  const open = entries.filter(({ setting }) => origin(setting) === 'default')
  const [first] = open
  if (first === undefined) return []
  return [
    {
      message: `${file} is not read: ${open.map(({ key }) => key).join(', ')} ${open.length === 1 ? 'has' : 'have'} no effect`,
      source: first.source,
      hint: `write into tkplay.yml beside the playbook: ${[...new Set(open.map(({ setting }) => setting))].join(', ')} (docs/settings.md)`,
    },
  ]
}

/** A hint for an error about a missing setting, where ansible.cfg has it. */
export const mentioned = (cfg: AnsibleCfg | undefined, setting: keyof Settings): string => {
  const found = cfg?.entries.find(one => one.setting === setting)
  return found === undefined
    ? ''
    : `; ${found.source.file}:${found.source.line} says '${found.value}', and is not read: write '${setting}: ${found.value}' into tkplay.yml`
}

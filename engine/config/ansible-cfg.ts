import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Source } from '../core/source.js'
import { readLocal } from './files/local-file.js'
import type { LoadedSettings, Settings } from './settings.js'

/** Settings of an ansible.cfg that tkplay has under another name, and does not take from there. */
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

/** `section.key` of ansible.cfg, and the setting of the same meaning. */
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

/** The ansible.cfg that Ansible would read here, in the working folder or by ANSIBLE_CONFIG, or the one beside the playbook. */
export const findAnsibleCfg = (folders: readonly string[], named: string | undefined): AnsibleCfg | undefined => {
  const places = [
    ...(named === undefined || named === '' ? [] : [named]),
    ...folders.map(folder => join(folder, 'ansible.cfg')),
  ]
  const path = places.find(existsSync)
  if (path === undefined) return undefined
  const here = `${process.cwd()}/`
  const file = path.startsWith(here) ? path.slice(here.length) : path
  try {
    return { file, entries: entriesIn(readLocal(path).toString(), file) }
  } catch {
    // It is not ours: a folder, a pipe, or a file that we may not read.
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

/** What would matter: settings that are given nowhere else. Said once, with the lines to write instead. */
export const notTaken = ({ file, entries }: AnsibleCfg, origin: LoadedSettings['origin']): readonly Diagnostic[] => {
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

/** For the error about what one of its settings would have given. */
export const mentioned = (cfg: AnsibleCfg | undefined, setting: keyof Settings): string => {
  const found = cfg?.entries.find(one => one.setting === setting)
  return found === undefined
    ? ''
    : `; ${found.source.file}:${found.source.line} says '${found.value}', and is not read: write '${setting}: ${found.value}' into tkplay.yml`
}

import { dirname, resolve } from 'node:path'
import { type AnsibleCfg, ansibleCfgWarnings, findAnsibleCfg } from '../../config/ansible-cfg.js'
import { type LoadedSettings, loadSettings } from '../../config/settings.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Layer } from '../../core/vars.js'
import { connectionTypos } from '../../inventory/connection-names.js'
import { type Inventory, loadInventory } from '../../inventory/inventory.js'
import { printable } from '../../report/printable.js'
import type { Flags } from '../options.js'
import { ask } from '../terminal/ask.js'
import { checkSettings } from './check-settings.js'
import { extraVars } from './extra-vars.js'
import { type AskedPasswords, settingsLayers } from './settings-layers.js'

/** Settings, inventory and extra vars: the input of every command that works on hosts. */
export interface Project {
  readonly settings: LoadedSettings['values']
  readonly origin: LoadedSettings['origin']
  readonly inventory: Inventory
  readonly extra: Layer
  readonly connection: readonly Layer[]
  readonly dir: string
  /** `ansible.cfg`, used in hints only: tkplay does not apply its settings. */
  readonly ansibleCfg: AnsibleCfg | undefined
  /** Warnings about all of these. */
  readonly warnings: readonly Diagnostic[]
}

/** Reads settings, inventory and extra vars. @throws ConfigError with all errors */
export const openProject = async (flags: Flags, playbooks: readonly string[]): Promise<Project> => {
  const dir = dirOf(playbooks)
  const { values: settings, origin, warnings } = await settingsOf(flags, playbooks)
  checkSettings({ values: settings, origin })
  const ansibleCfg = findAnsibleCfg([process.cwd(), dir], process.env['ANSIBLE_CONFIG'])
  const [inventory, { layer: extra, warnings: ofExtra }] = await Promise.all([
    loadInventory(settings.inventory, {
      playbookDirs: playbooks.map(file => dirname(resolve(file))),
      say: line => void process.stderr.write(`${printable(line)}\n`),
    }),
    extraVars(flags.extraVars ?? []),
  ])
  if (flags.limit !== undefined) inventory.select(flags.limit)
  const asked: AskedPasswords = {
    ...(flags.askPass === true
      ? {
          login: await ask('SSH password', {
            secret: true,
            instead: 'give ansible_password (-e @file), or log in with a key',
          }),
        }
      : {}),
    ...(flags.askBecomePass === true
      ? { become: await ask('become password', { secret: true, instead: 'give ansible_become_password (-e @file)' }) }
      : {}),
  }
  return {
    settings,
    origin,
    inventory,
    extra,
    connection: settingsLayers(settings, asked),
    dir,
    ansibleCfg,
    warnings: [
      ...(ansibleCfg === undefined ? [] : ansibleCfgWarnings(ansibleCfg, origin)),
      ...warnings,
      ...inventory.warnings,
      ...ofExtra,
      ...connectionTypos(extra.bindings),
    ],
  }
}

/** The settings alone. @throws ConfigError */
export const settingsOf = (flags: Flags, playbooks: readonly string[]): Promise<LoadedSettings> =>
  loadSettings(settingFlags(flags), process.env, dirOf(playbooks))

const dirOf = ([first]: readonly string[]): string => (first === undefined ? process.cwd() : dirname(resolve(first)))

const settingFlags = (flags: Flags) => ({
  inventory: flags.inventory,
  forks: flags.forks,
  user: flags.user,
  private_key: flags.privateKey,
  ssh_common_args: flags.sshCommonArgs,
  timeout: flags.timeout,
  become: flags.become ?? (flags.becomeUser === undefined ? undefined : true),
  become_user: flags.becomeUser,
  diff: flags.diff,
  force_handlers: flags.forceHandlers,
  output: flags.output,
})

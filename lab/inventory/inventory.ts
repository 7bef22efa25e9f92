import { mkdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { identityOf } from '../hosts/identity.js'
import { labDir, projectRoot } from '../state/paths.js'
import type { Json, LabState } from '../state/state.js'
import { replaceFile } from '../support/files.js'
import { toYaml } from './yaml.js'

/** `inventory/lab` in the project for the lab called «lab», so that commands are short; inside the lab's folder for others. */
export const inventoryFolder = (lab: string): string =>
  lab === 'lab' ? join(projectRoot, 'inventory/lab') : join(labDir(lab), 'inventory')

/** Files of the inventory by their path in its folder. */
const inventoryFiles = (lab: LabState): { readonly [path: string]: string } => {
  const [first, ...others] = lab.hosts
  const group = (hosts: readonly (typeof first)[]): Json => ({
    hosts: Object.fromEntries(
      hosts.filter(host => host !== undefined).map(host => [host.name, { ansible_host: host.address }]),
    ),
  })
  const hosts: Json = {
    all: { children: { cluster: { children: { control_plane: group([first]), workers: group(others) } } } },
  }
  const { key, knownHosts } = identityOf(lab.name)
  const variables: Json = {
    ansible_user: 'root',
    ansible_ssh_private_key_file: key,
    tkplay_known_hosts: knownHosts,
    ...lab.variables,
  }
  const note = `# Written by «npm run lab -- up» for the lab «${lab.name}»; gone with it.\n`
  return { 'hosts.yml': note + toYaml(hosts), 'group_vars/all.yml': note + toYaml(variables) }
}

export const writeInventory = async (lab: LabState): Promise<void> => {
  await mkdir(join(lab.inventory, 'group_vars'), { recursive: true })
  for (const [path, text] of Object.entries(inventoryFiles(lab))) await replaceFile(join(lab.inventory, path), text)
}

/** Removes what the lab wrote; files that others put beside it stay. */
export const removeInventory = async (lab: LabState): Promise<void> => {
  for (const path of Object.keys(inventoryFiles(lab))) await rm(join(lab.inventory, path), { force: true })
  for (const folder of [join(lab.inventory, 'group_vars'), lab.inventory]) await rmdir(folder).catch(() => undefined)
}

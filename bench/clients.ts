import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { projectRoot } from '../lab/state/paths.js'
import { attempt, sh } from '../lab/support/shell.js'
import { ansibleConfigText, type Fleet, inventoryText, pyinfraInventoryText, sshOptions } from './configs.js'
import type { Settings } from './floor.js'
import { type Bench, type Environment, FLOOR, type Program, TKPLAY } from './item.js'
import type { Peer } from './peers.js'
import { tkplayCommand, tkplayVersion } from './program.js'

/** How to start each program on the hosts of one item. */
export interface Clients {
  tkplay(args: readonly string[]): Start
  ansible(peer: Peer, program: 'ansible' | 'ansible-playbook', args: readonly string[]): Start
  mitogen(peer: Peer, args: readonly string[]): Promise<Start>
  pyinfra(peer: Peer, options: readonly string[], operations: readonly string[]): Start
  pdsh(peer: Peer, args: readonly string[]): Start
  floor(command: string, atOnce: number): Promise<Start>
}

type Start = Omit<Program, 'check'>

/** The environment of every program, without the user's own settings, which would be measured too. */
export const environment = (dir: string, more: Environment = {}): Environment => ({
  PATH: process.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: dir,
  LC_ALL: 'C.UTF-8',
  ...more,
})

/** @param dir an empty folder for this item only */
export const clientsOf = async (fleet: Fleet, dir: string, { undo }: Bench): Promise<Clients> => {
  const at = (name: string): string => join(dir, name)
  const control = at('cp')
  await mkdir(control)
  await writeFile(at('hosts'), inventoryText(fleet))
  await writeFile(at('pyinfra_inventory.py'), pyinfraInventoryText(fleet))
  await writeFile(at('ansible.cfg'), ansibleConfigText(fleet, control))
  await writeFile(at('pdsh_hosts'), fleet.targets.map(({ address }) => `${address}\n`).join(''))

  const endConnections = (): Promise<void> => endMasters(control)
  undo.push(`the connections of ${control}`, endConnections)
  const shared = { env: environment(dir), cwd: dir }
  const ansibleWith = (peer: Peer, config: string, program: string, args: readonly string[]): Omit<Start, 'name'> => ({
    version: peer.version,
    argv: [join(peer.folder, 'bin', program), '-i', at('hosts'), ...args],
    env: environment(dir, { ANSIBLE_CONFIG: config }),
    cwd: dir,
    after: endConnections,
  })
  return {
    tkplay: args => ({
      ...shared,
      name: TKPLAY,
      version: tkplayVersion,
      argv: [...tkplayCommand, ...args, '-i', at('hosts')],
    }),
    ansible: (peer, program, args) => ({ name: 'ansible', ...ansibleWith(peer, at('ansible.cfg'), program, args) }),
    mitogen: async (peer, args) => {
      const site = (
        await sh`${join(peer.folder, 'bin/python')} -c ${'import ansible_mitogen as m; print(m.__path__[0])'}`
      ).stdout
      await writeFile(at('mitogen.cfg'), ansibleConfigText(fleet, control, join(site.trim(), 'plugins/strategy')))
      return { name: 'mitogen', ...ansibleWith(peer, at('mitogen.cfg'), 'ansible-playbook', args) }
    },
    pyinfra: (peer, options, operations) => ({
      ...shared,
      name: 'pyinfra',
      version: peer.version,
      argv: [join(peer.folder, 'bin/pyinfra'), '-y', ...options, at('pyinfra_inventory.py'), ...operations],
    }),
    pdsh: (peer, args) => ({
      name: 'pdsh',
      version: peer.version,
      argv: [join(peer.folder, 'bin/pdsh'), '-R', 'ssh', '-w', `^${at('pdsh_hosts')}`, ...args],
      env: environment(dir, { PDSH_SSH_ARGS_APPEND: pdshOptions(fleet) }),
      cwd: dir,
    }),
    floor: async (command, atOnce) => {
      const settings: Settings = { ...fleet, command, atOnce }
      await writeFile(at('floor.json'), JSON.stringify(settings))
      return {
        ...shared,
        name: FLOOR,
        argv: [process.execPath, join(projectRoot, 'dist/bench/floor.js'), at('floor.json')],
      }
    },
  }
}

/** ssh arguments for port and login, since pdsh has no inventory. */
const pdshOptions = (fleet: Fleet): string =>
  ['-p', fleet.targets[0]?.port ?? 22, '-l', fleet.user, '-i', fleet.key, ...sshOptions(fleet)].join(' ')

/** Ends the connections that ssh keeps open: the next run is another measurement. */
const endMasters = async (folder: string): Promise<void> => {
  const limit = pLimit(8)
  const sockets = await readdir(folder)
  await Promise.all(sockets.map(name => limit(() => attempt`ssh -F /dev/null -S ${join(folder, name)} -O exit host`)))
}

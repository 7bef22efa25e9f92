import { readdir, readFile } from 'node:fs/promises'
import { $ } from 'zx'
import { readSysctls } from '../../lab/machine/sysctls.js'

/** What a lab adds to a machine, as sorted lines by kind: equal before `up` and after `down`. */
export interface MachineState {
  readonly [kind: string]: readonly string[]
}

/** @param about only lines that match: other labs may come and go on the same machine meanwhile */
export const machineState = async (about: RegExp): Promise<MachineState> => {
  const state = {
    mounts: (await lines('/proc/self/mountinfo')).map(line => line.split(' ').slice(3).join(' ')),
    links: await output('ip', ['-o', 'link']).then(all => all.map(line => line.split(': ')[1] ?? '')),
    addresses: await output('ip', ['-o', 'address']).then(all =>
      all.map(line => line.split(/\s+/).slice(1, 4).join(' ')),
    ),
    routes: await output('ip', ['route']),
    namespaces: await names('/run/netns'),
    nft: await output('nft', ['list', 'tables']),
    iptables: await output('iptables-save', []),
    cgroups: (await Promise.all((await names('/sys/fs/cgroup')).map(name => names(`/sys/fs/cgroup/${name}`)))).flat(),
    processes: await commandLines(),
    nspawn: [...(await names('/run/systemd/nspawn/propagate')), ...(await names('/run/systemd/nspawn/locks'))],
    state: [
      ...(await names('/var/lib/tkplay-lab')),
      ...(await names('/run/tkplay-lab/labs')),
      ...(await names('/run/lock')),
    ],
    units: await output('systemctl', ['list-units', '--no-legend', '--plain', '--all']),
  }
  return Object.fromEntries(
    Object.entries(state).map(([kind, all]) => [kind, all.filter(line => about.test(line)).toSorted()]),
  )
}

/** Settings of the kernel that a lab's hosts may change. */
export const sysctlLines = async (): Promise<readonly string[]> =>
  Object.entries(await readSysctls()).map(([name, value]) => `${name} = ${value.trim()}`)

/** Processes of a lab name its folder or live in its cgroups; others of the machine come and go. */
const commandLines = async (): Promise<readonly string[]> => {
  const pids = (await names('/proc')).filter(name => /^\d+$/.test(name))
  const all = await Promise.all(
    pids.map(async pid => {
      const [command, cgroup] = await Promise.all(
        ['cmdline', 'cgroup'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      )
      return `${command?.replaceAll('\0', ' ')} in ${cgroup?.replaceAll('\n', ' ')}`
    }),
  )
  return all.filter(line => /tkplay|nspawn/.test(line))
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
const lines = async (path: string): Promise<string[]> => (await readFile(path, 'utf8')).split('\n')
const output = async (program: string, args: readonly string[]): Promise<string[]> =>
  (await $({ nothrow: true, quiet: true })`${[program, ...args]}`).stdout.split('\n')

import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gatewayOf } from '../network/network.js'
import { resolvConf } from '../network/resolv-conf.js'
import { parseSubnet } from '../network/subnet.js'
import { hostPaths } from '../state/paths.js'
import type { HostState, LabState } from '../state/state.js'
import { placeFile } from '../support/files.js'
import { LabProblem } from '../support/problem.js'
import { attempt, reason, sh } from '../support/shell.js'
import { bootScript, type Machine, superviseScript } from './boot-script.js'
import { ensureHostKeys, placeIdentity } from './identity.js'
import { hasSystemd } from './unit.js'

const machineOf = (lab: LabState, host: HostState): Machine => ({
  lab: lab.name,
  host,
  paths: hostPaths(lab.name, host.name),
  bits: parseSubnet(lab.subnet).bits,
  gateway: gatewayOf(lab),
})

/**
 * Makes a bare system for the host: an empty upper layer over the base, and what makes it this host. A host that has its system
 * already keeps it. Not booted.
 */
export const prepareHost = async (lab: LabState, host: HostState): Promise<void> => {
  const machine = machineOf(lab, host)
  const { paths } = machine
  const folders = [paths.upper, paths.work, paths.root, ...Object.values(paths.bound)]
  await Promise.all(folders.map(path => mkdir(path, { recursive: true })))
  await ensureHostKeys(lab.name, host.name)
  await mountRoot(lab.base, machine)
  await placeFile(paths.boot, bootScript(machine, hasSystemd()), 0o755)
  await placeFile(paths.supervise, superviseScript(machine), 0o755)
  if (existsSync(paths.prepared)) return
  await placeFile(join(paths.root, 'etc/hostname'), `${host.name}\n`)
  await placeFile(join(paths.root, 'etc/machine-id'), `${host.machineId}\n`, 0o444)
  await placeFile(join(paths.root, 'etc/hosts'), hostsFile(host.name))
  await placeFile(join(paths.root, 'etc/resolv.conf'), await resolvConf())
  await placeIdentity(lab.name, host.name, paths.root)
  await placeFile(paths.prepared, '')
}

const mountRoot = async (base: string, { paths }: Machine): Promise<void> => {
  if ((await attempt`mountpoint -q ${paths.root}`).exitCode === 0) return
  try {
    await sh`mount -t overlay overlay -o ${`lowerdir=${base},upperdir=${paths.upper},workdir=${paths.work}`} ${paths.root}`
  } catch (error) {
    throw new LabProblem(
      `the overlay of ${paths.root} could not be mounted: ${reason(error)}`,
      'set TKPLAY_LAB_STATE to a folder on ext4, xfs or btrfs',
    )
  }
}

/** As Debian's installer writes it: a host knows its own name only. */
const hostsFile = (name: string): string => `127.0.0.1\tlocalhost
127.0.1.1\t${name}

::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`

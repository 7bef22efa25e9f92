import { takeDown } from './down.js'
import { type Faults, faultsOf } from './faults/faults.js'
import { exec, type Output } from './hosts/exec.js'
import { type Identity, identityOf } from './hosts/identity.js'
import { rebootHost } from './hosts/reboot.js'
import { existingLab, hostOf, resetHosts } from './hosts/reset.js'
import { type Snapshot, snapshot } from './hosts/snapshot.js'
import { gatewayOf } from './network/network.js'
import { hostPaths } from './state/paths.js'
import type { LabState } from './state/state.js'
import { type Log, silent } from './support/log.js'
import { bringUp, type LabOptions } from './up.js'

export { diffSnapshots } from './hosts/snapshot.js'

interface LabHost {
  readonly name: string
  readonly address: string
  /** What the host wrote to its disk, as a folder of this machine; `bound` holds the rest, by path on the host. */
  readonly upperDir: string
  readonly bound: { readonly [path: string]: string }
  /** All that the host's boots printed. */
  readonly console: string
}

/** A standing lab, for tests and scripts. */
export interface Lab {
  readonly name: string
  readonly subnet: string
  readonly gateway: string
  readonly inventoryDir: string
  readonly identity: Identity
  readonly faults: Faults
  /** Whether its clusters get their images from the lab's mirror, and not from the registries that they are named after. */
  readonly ownImages: boolean
  /** As of now: `addHost` makes it longer. */
  hosts(): readonly LabHost[]
  host(name: string): LabHost
  /** Without sshd, as root; a shell command line, or a program and its arguments. A failing command is no error. */
  exec(host: string, command: string | readonly string[]): Promise<Output>
  /** Bare again: an empty disk and a boot, in seconds; all hosts when none is named. */
  reset(hosts?: readonly string[]): Promise<void>
  /** One more host, in the inventory too. */
  addHost(): Promise<LabHost>
  /** `systemctl reboot`, and back again. */
  reboot(host: string): Promise<void>
  snapshot(host: string, ignore?: RegExp): Promise<Snapshot>
  down(): Promise<void>
}

/** Brings a lab up, or takes up the one of this name that stands already. */
export const openLab = async (options: LabOptions, log: Log = silent): Promise<Lab> => {
  let state = await bringUp(options, log)
  const { name } = state
  const host = (wanted: string): LabHost => labHost(state, wanted)
  return {
    name,
    subnet: state.subnet,
    gateway: gatewayOf(state),
    inventoryDir: state.inventory,
    identity: identityOf(name),
    faults: faultsOf(() => state),
    ownImages: 'containerd_registry_mirrors' in state.variables,
    hosts: () => state.hosts.map(({ name }) => host(name)),
    host,
    exec: (on, command) => exec(name, hostOf(state, on).name, command),
    reset: (hosts = []) => resetHosts(name, hosts, log),
    addHost: async () => {
      state = await bringUp({ name, hosts: (await existingLab(name)).hosts.length + 1 }, log)
      return host(`node${state.hosts.length}`)
    },
    reboot: wanted => rebootHost(state, hostOf(state, wanted)),
    snapshot: (on, ignore) => snapshot(name, hostOf(state, on).name, ignore),
    down: () => takeDown(name, log),
  }
}

const labHost = (state: LabState, wanted: string): LabHost => {
  const { name, address } = hostOf(state, wanted)
  const { upper, bound, console } = hostPaths(state.name, name)
  return { name, address, upperDir: upper, bound, console }
}

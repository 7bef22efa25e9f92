import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { ensureBase } from './base/base.js'
import { bootHosts } from './hosts/boot.js'
import { ensureIdentity, writeClientFiles } from './hosts/identity.js'
import { inventoryFolder, writeInventory } from './inventory/inventory.js'
import { ensurePackages, LAB_PACKAGES } from './machine/packages.js'
import { checkPrerequisites, requireUpperLayers } from './machine/prerequisites.js'
import { register } from './machine/registry.js'
import { rememberSysctls } from './machine/sysctls.js'
import { startMirror } from './mirror-of-lab.js'
import { chooseSubnet, ensureNetwork } from './network/network.js'
import { addressIn, macOf, parseSubnet } from './network/subnet.js'
import { checkLabName } from './state/names.js'
import { allLabs, type HostState, type LabState, readLab, type Source, writeLab } from './state/state.js'
import { withLock } from './support/lock.js'
import type { Log } from './support/log.js'

export interface LabOptions {
  readonly name: string
  /** How many hosts there shall be at least; hosts that stand already stay. */
  readonly hosts: number
  /** Also the mirror of Kubernetes' packages and images, and its variables in the inventory. */
  readonly kubernetes?: boolean
  readonly subnet?: string
  /** The folder that the inventory is written to. */
  readonly inventory?: string
  readonly source?: Source
}

/**
 * Brings the lab to what the options ask for, from whatever is there: nothing, a part left by an interrupted run, a lab with
 * fewer hosts, a lab after this machine was restarted.
 */
export const bringUp = (options: LabOptions, log: Log): Promise<LabState> => {
  checkLabName(options.name)
  return withLock(options.name, log, async () => {
    await checkPrerequisites(options.hosts, options.kubernetes ?? false)
    await requireUpperLayers()
    await ensurePackages(LAB_PACKAGES, log)
    const base = await ensureBase(log)
    const lab = await withLock('machine', log, () => claim(options, base))
    await ensureIdentity(lab.name)
    await bootHosts(lab, lab.hosts, log)
    await writeClientFiles(lab)
    const served = lab.kubernetes ? await startMirror(lab, log) : lab
    await writeInventory(served)
    return served
  })
}

/** Writes down what will be made, then makes what the hosts share. One lab at a time: subnets and sysctls are the machine's. */
const claim = async (options: LabOptions, base: string): Promise<LabState> => {
  await register(options.name)
  await rememberSysctls()
  const lab = (await readLab(options.name)) ?? (await newLab(options, base))
  const count = Math.max(options.hosts, lab.hosts.length)
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const next: LabState = {
    ...lab,
    kubernetes: options.kubernetes ?? lab.kubernetes,
    source: options.source ?? lab.source,
    inventory: options.inventory === undefined ? lab.inventory : resolve(options.inventory),
    hosts: numbers.map(number => lab.hosts.find(host => host.number === number) ?? newHost(lab, number)),
  }
  await writeLab(next)
  await ensureNetwork(next)
  return next
}

const newLab = async ({ name, subnet }: LabOptions, base: string): Promise<LabState> => ({
  version: 1,
  name,
  subnet: await chooseSubnet(name, subnet, await allLabs()),
  base,
  inventory: inventoryFolder(name),
  kubernetes: false,
  source: 'auto',
  variables: {},
  hosts: [],
})

const newHost = (lab: LabState, number: number): HostState => ({
  name: `node${number}`,
  number,
  address: addressIn(parseSubnet(lab.subnet), number + 10),
  mac: macOf(lab.name, `node${number}`),
  machineId: randomBytes(16).toString('hex'),
})

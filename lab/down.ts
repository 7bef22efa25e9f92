import { rmdir } from 'node:fs/promises'
import { haltHost } from './hosts/halt.js'
import { removeInventory } from './inventory/inventory.js'
import { requireRoot } from './machine/prerequisites.js'
import { forgetMachine, unregister } from './machine/registry.js'
import { restoreSysctls } from './machine/sysctls.js'
import { endMirror } from './mirror-of-lab.js'
import { removeNetwork } from './network/network.js'
import { checkLabName } from './state/names.js'
import { forgetLab, readLab } from './state/state.js'
import { withLock } from './support/lock.js'
import type { Log } from './support/log.js'

/**
 * Ends the lab and removes all that it made on this machine; the cache and the installed packages stay. Each step bears being
 * done again, also where an interrupted `down` has already removed the description of the lab.
 */
export const takeDown = (name: string, log: Log): Promise<void> => {
  checkLabName(name)
  requireRoot()
  return withLock(name, log, async () => {
    const lab = await readLab(name)
    await Promise.all((lab?.hosts ?? []).map(host => haltHost(name, host.name, host.number)))
    if (lab?.kubernetes) await endMirror(name)
    await withLock('machine', log, async () => {
      await removeNetwork(name)
      if (lab !== undefined) await removeInventory(lab)
      await forgetLab(name)
      if (await unregister(name)) await leaveMachineAsItWas(log)
    })
    log(lab === undefined ? `there is no lab «${name}»` : `the lab «${name}» is gone`)
  })
}

const leaveMachineAsItWas = async (log: Log): Promise<void> => {
  await restoreSysctls(log)
  await forgetMachine()
  for (const folder of [
    '/run/systemd/nspawn/propagate',
    '/run/systemd/nspawn/locks',
    '/run/systemd/nspawn',
    '/run/netns',
  ]) {
    await rmdir(folder).catch(() => undefined)
  }
}

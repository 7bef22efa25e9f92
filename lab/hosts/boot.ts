import type { HostState, LabState } from '../state/state.js'
import type { Log } from '../support/log.js'
import { prepareHost } from './prepare.js'
import { waitForHost } from './ready.js'
import { startHost } from './start.js'

/** Makes and boots these hosts side by side, and waits until each answers. Hosts that run are left alone. */
export const bootHosts = async (lab: LabState, hosts: readonly HostState[], log: Log): Promise<void> => {
  await Promise.all(
    hosts.map(async host => {
      await prepareHost(lab, host)
      const started = await startHost(lab, host)
      await waitForHost(lab, host)
      if (started) log(`${host.name} is up at ${host.address}`)
    }),
  )
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { HostState, LabState } from '../state/state.js'
import { LabProblem } from '../support/problem.js'
import { exec } from './exec.js'
import { gone, initOf } from './processes.js'
import { waitForHost } from './ready.js'

/** Asks the host's systemd to reboot, waits until the old system is gone and the new one answers. */
export const rebootHost = async (lab: LabState, host: HostState): Promise<void> => {
  const old = await initOf(lab.name, host.name)
  await exec(lab.name, host.name, ['systemctl', 'reboot'])
  if (old !== undefined && !(await gone(old, 120))) {
    throw new LabProblem(
      `${host.name} did not go down within 120 s`,
      `reset it: npm run lab -- reset ${host.name} --name ${lab.name}`,
    )
  }
  await sleep(50)
  await waitForHost(lab, host)
}

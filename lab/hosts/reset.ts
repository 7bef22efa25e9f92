import type { HostState, LabState } from '../state/state.js'
import { readLab } from '../state/state.js'
import { withLock } from '../support/lock.js'
import type { Log } from '../support/log.js'
import { LabProblem } from '../support/problem.js'
import { bootHosts } from './boot.js'
import { emptyTrash, eraseHost } from './erase.js'

/** Gives these hosts (all, when none is named) an empty disk and boots them: same names, addresses and keys, bare again. */
export const resetHosts = (name: string, hosts: readonly string[], log: Log): Promise<void> =>
  withLock(name, log, async () => {
    const lab = await existingLab(name)
    const chosen = hosts.length === 0 ? lab.hosts : hosts.map(host => hostOf(lab, host))
    await Promise.all(chosen.map(host => eraseHost(lab, host)))
    await Promise.all([bootHosts(lab, chosen, log), ...chosen.map(host => emptyTrash(lab.name, host.name))])
  })

/** @throws LabProblem when there is no such lab */
export const existingLab = async (name: string): Promise<LabState> => {
  const lab = await readLab(name)
  if (lab !== undefined) return lab
  throw new LabProblem(
    `there is no lab «${name}»`,
    `make it: npm run lab -- up${name === 'lab' ? '' : ` --name ${name}`}`,
  )
}

/** @throws LabProblem when the lab has no such host */
export const hostOf = (lab: LabState, name: string): HostState => {
  const host = lab.hosts.find(host => host.name === name)
  if (host !== undefined) return host
  throw new LabProblem(
    `the lab «${lab.name}» has no host «${name}»`,
    `it has ${lab.hosts.map(host => host.name).join(', ')}`,
  )
}

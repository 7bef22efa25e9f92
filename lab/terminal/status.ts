import { initOf } from '../hosts/processes.js'
import { sshAnswers } from '../hosts/ready.js'
import { gatewayOf } from '../network/network.js'
import { allLabs, type HostState, type LabState } from '../state/state.js'
import { attempt } from '../support/shell.js'

/** One line for each host of each lab, with its state as systemd and sshd tell it. */
export const statusLines = async (name: string | undefined): Promise<readonly string[]> => {
  const labs = (await allLabs()).filter(lab => name === undefined || lab.name === name)
  if (labs.length === 0) return [name === undefined ? 'no lab stands on this machine' : `there is no lab «${name}»`]
  return (await Promise.all(labs.map(linesOf))).flat()
}

const linesOf = async (lab: LabState): Promise<readonly string[]> => {
  const head = `${lab.name}  ${lab.subnet}  gateway ${gatewayOf(lab)}${lab.kubernetes ? '  with Kubernetes' : ''}  inventory ${lab.inventory}`
  const hosts = lab.hosts.map(
    async host => `  ${host.name.padEnd(8)}${host.address.padEnd(16)}${await stateOf(lab, host)}`,
  )
  return [head, ...(await Promise.all(hosts))]
}

const stateOf = async (lab: LabState, host: HostState): Promise<string> => {
  const init = await initOf(lab.name, host.name)
  if (init === undefined) return 'off'
  const [system, ssh] = await Promise.all([
    attempt`nsenter -t ${init} -m -u -i -n -p -C systemctl is-system-running`,
    sshAnswers(host.address),
  ])
  return `${system.stdout.trim()}, ssh ${ssh ? 'answers' : 'does not answer'}`
}

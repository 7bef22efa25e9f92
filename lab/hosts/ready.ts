import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { hostPaths } from '../state/paths.js'
import type { HostState, LabState } from '../state/state.js'
import { LabProblem } from '../support/problem.js'
import { attempt } from '../support/shell.js'
import { initOf } from './processes.js'

/** Waits until sshd answers and the boot is over. @throws LabProblem with the console's last lines */
export const waitForHost = async (lab: LabState, host: HostState, seconds = 120): Promise<void> => {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    if (await sshAnswers(host.address)) {
      const init = await initOf(lab.name, host.name)
      if (init !== undefined && (await bootIsOver(init))) return
    }
    await sleep(50)
  }
  const { console } = hostPaths(lab.name, host.name)
  const last = (await readFile(console, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n')
  throw new LabProblem(
    `${host.name} did not boot within ${seconds} s; its console says:\n${last}`,
    `read ${console}, then «reset ${host.name}»`,
  )
}

const bootIsOver = async (init: number): Promise<boolean> => {
  const { stdout } = await attempt`nsenter -t ${init} -m -u -i -n -p -C timeout 20 systemctl is-system-running --wait`
  return ['running', 'degraded'].includes(stdout.trim())
}

/** True once sshd sends its banner: a bound port alone may still be the one of a system going down. */
export const sshAnswers = (address: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: address, port: 22, timeout: 1000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', data => end(data.toString('latin1').startsWith('SSH-')))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
    socket.once('close', () => end(false))
  })

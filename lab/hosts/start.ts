import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type HostPaths, hostPaths } from '../state/paths.js'
import type { HostState, LabState } from '../state/state.js'
import { sh } from '../support/shell.js'
import { REBOOTED } from './boot-script.js'
import { initOf, processesWith } from './processes.js'
import { hasSystemd, unitName } from './unit.js'

const PROPERTIES = [
  'Delegate=yes',
  'KillMode=mixed',
  `RestartForceExitStatus=${REBOOTED}`,
  `SuccessExitStatus=${REBOOTED}`,
]

/** Starts the host; what keeps it up outlives this process. @returns false when it runs already */
export const startHost = async (lab: LabState, host: HostState): Promise<boolean> => {
  const paths = hostPaths(lab.name, host.name)
  if ((await initOf(lab.name, host.name)) !== undefined || (await isStarting(paths))) return false
  await rm(paths.halt, { force: true })
  if (hasSystemd()) {
    const flags = [
      '--quiet',
      '--collect',
      `--unit=${unitName(lab.name, host.name)}`,
      ...PROPERTIES.map(text => `--property=${text}`),
    ]
    await sh`systemd-run ${flags} ${paths.boot}`
    return true
  }
  const log = openSync(paths.console, 'a')
  spawn(paths.supervise, { detached: true, stdio: ['ignore', log, log] }).unref()
  closeSync(log)
  return true
}

/** An interrupted `up` may have started it a moment ago; two starters would take each other's network away. */
const isStarting = async ({ boot, supervise }: HostPaths): Promise<boolean> =>
  (await processesWith(supervise)).length + (await processesWith(boot)).length > 0

import { existsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cgroupName, machineName, netnsName, vethName } from '../state/names.js'
import { hostPaths } from '../state/paths.js'
import { attempt } from '../support/shell.js'
import { removeCgroups } from './cgroups.js'
import { gone, initOf, kill, processesWith } from './processes.js'
import { hasSystemd, unitName } from './unit.js'

/** Ends the host and what it left in the kernel. Its folder stays. Can be called for a host that is half there. */
export const haltHost = async (lab: string, host: string, number: number): Promise<void> => {
  const paths = hostPaths(lab, host)
  if (existsSync(paths.dir)) await writeFile(paths.halt, '')
  const init = await initOf(lab, host)
  if (init !== undefined) {
    kill(init)
    await gone(init, 20)
  }
  await endStarters(lab, host)
  await swapOff(paths.bound['/swap'])
  if ((await attempt`umount ${paths.root}`).exitCode !== 0) await attempt`umount -l ${paths.root}`
  await attempt`ip link delete ${vethName(lab, number)}`
  await attempt`ip netns delete ${netnsName(lab, host)}`
  await removeCgroups(cgroupName(lab, host))
  await rm(`/run/systemd/nspawn/propagate/${machineName(lab, host)}`, { recursive: true, force: true })
}

/** Swap is the one kernel's: it stays on when its host is gone, and keeps the file. */
const swapOff = async (folder: string): Promise<void> => {
  const files = await readdir(folder).catch(() => [])
  for (const file of files) await attempt`swapoff ${join(folder, file)}`
}

/** nspawn and its supervisor end by themselves when PID 1 is gone, unless they were caught before they made one. */
const endStarters = async (lab: string, host: string): Promise<void> => {
  const { boot, supervise, root } = hostPaths(lab, host)
  if (hasSystemd()) await attempt`systemctl stop ${unitName(lab, host)}`
  for (const argument of [supervise, boot, `--directory=${root}`]) {
    for (const pid of await processesWith(argument)) {
      if (await gone(pid, 3)) continue
      kill(pid)
      await gone(pid, 3)
    }
  }
  const late = await initOf(lab, host)
  if (late === undefined) return
  kill(late)
  await gone(late, 20)
}

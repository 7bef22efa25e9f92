import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootScript, type Machine, REBOOTED, superviseScript } from './boot-script.js'
import { removeCgroups } from './cgroups.js'
import { placeFile } from './files.js'
import { ensureHostKeys, placeIdentity } from './identity.js'
import { cgroupName, machineName, netnsName, vethName } from './names.js'
import { gatewayOf } from './network.js'
import { hostPaths } from './paths.js'
import { LabProblem } from './problem.js'
import { gone, initOf, kill, processesWith } from './processes.js'
import { resolvConf } from './resolv-conf.js'
import { attempt, reason, sh } from './shell.js'
import type { HostState, LabState } from './state.js'
import { parseSubnet } from './subnet.js'

export const machineOf = (lab: LabState, host: HostState): Machine => ({
  lab: lab.name,
  host,
  paths: hostPaths(lab.name, host.name),
  bits: parseSubnet(lab.subnet).bits,
  gateway: gatewayOf(lab),
})

/**
 * Makes a bare system for the host: an empty upper layer over the base, and what makes it this host. A host that has its system
 * already keeps it. Not booted.
 */
export const prepareHost = async (lab: LabState, host: HostState): Promise<void> => {
  const machine = machineOf(lab, host)
  const { paths } = machine
  const folders = [paths.upper, paths.work, paths.root, ...Object.values(paths.bound)]
  await Promise.all(folders.map(path => mkdir(path, { recursive: true })))
  await ensureHostKeys(lab.name, host.name)
  await mountRoot(lab.base, machine)
  await placeFile(paths.boot, bootScript(machine, hasSystemd()), 0o755)
  await placeFile(paths.supervise, superviseScript(machine), 0o755)
  if (existsSync(paths.prepared)) return
  await placeFile(join(paths.root, 'etc/hostname'), `${host.name}\n`)
  await placeFile(join(paths.root, 'etc/machine-id'), `${host.machineId}\n`, 0o444)
  await placeFile(join(paths.root, 'etc/hosts'), hostsFile(host.name))
  await placeFile(join(paths.root, 'etc/resolv.conf'), await resolvConf())
  await placeIdentity(lab.name, host.name, paths.root)
  await placeFile(paths.prepared, '')
}

/** Whether systemd runs this machine; it then keeps the hosts up, each in a cgroup of its own. */
const hasSystemd = (): boolean => existsSync('/run/systemd/system')

const mountRoot = async (base: string, { paths }: Machine): Promise<void> => {
  if ((await attempt`mountpoint -q ${paths.root}`).exitCode === 0) return
  try {
    await sh`mount -t overlay overlay -o ${`lowerdir=${base},upperdir=${paths.upper},workdir=${paths.work}`} ${paths.root}`
  } catch (error) {
    throw new LabProblem(
      `the overlay of ${paths.root} could not be mounted: ${reason(error)}`,
      'set TKPLAY_LAB_STATE to a folder on ext4, xfs or btrfs',
    )
  }
}

/** As Debian's installer writes it: a host knows its own name only. */
const hostsFile = (name: string): string => `127.0.0.1\tlocalhost
127.0.1.1\t${name}

::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`

/** Starts the host; what keeps it up outlives this process. @returns false when it runs already */
export const startHost = async (lab: LabState, host: HostState): Promise<boolean> => {
  const { paths } = machineOf(lab, host)
  if ((await initOf(lab.name, host.name)) !== undefined) return false
  await rm(paths.halt, { force: true })
  if (hasSystemd()) {
    await attempt`systemctl reset-failed ${unitName(lab.name, host.name)}`
    const properties = [
      'Delegate=yes',
      'KillMode=mixed',
      `RestartForceExitStatus=${REBOOTED}`,
      `SuccessExitStatus=${REBOOTED}`,
    ]
    await sh`systemd-run --quiet --collect --unit=${unitName(lab.name, host.name)} ${properties.map(p => `--property=${p}`)} ${paths.boot}`
    return true
  }
  const log = openSync(paths.console, 'a')
  spawn(paths.supervise, { detached: true, stdio: ['ignore', log, log] }).unref()
  closeSync(log)
  return true
}

const unitName = (lab: string, host: string): string => `${machineName(lab, host)}.service`

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

/** Takes the host's whole disk away and gives it an empty one; keys, names and addresses stay. Not booted. */
export const eraseHost = async (lab: LabState, host: HostState): Promise<void> => {
  await haltHost(lab.name, host.name, host.number)
  const { dir, upper, work, prepared } = hostPaths(lab.name, host.name)
  await rm(prepared, { force: true })
  const trash = join(dir, `trash-${Date.now()}`)
  await mkdir(trash)
  for (const path of [upper, work, join(dir, 'bound')])
    await rename(path, join(trash, path.slice(dir.length + 1))).catch(() => undefined)
}

/** Deletes what `eraseHost` put aside: separate, since a disk full of images takes longer to delete than a host to boot. */
export const emptyTrash = async (lab: string, host: string): Promise<void> => {
  const { dir } = hostPaths(lab, host)
  await sh`rm -rf --one-file-system ${await trashIn(dir)}`
}

const trashIn = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir)).filter(name => name.startsWith('trash-')).map(name => join(dir, name))

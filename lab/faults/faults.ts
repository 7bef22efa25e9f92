import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { bootHosts } from '../hosts/boot.js'
import { enter, exec } from '../hosts/exec.js'
import { haltHost } from '../hosts/halt.js'
import { hostOf } from '../hosts/reset.js'
import { vethName } from '../state/names.js'
import type { LabState } from '../state/state.js'
import { silent } from '../support/log.js'
import { LabProblem } from '../support/problem.js'
import { sh } from '../support/shell.js'
import { fillDisk } from './fill-disk.js'

/** Undoes a fault; can be called again. */
type Undo = () => Promise<void>

/** What goes wrong with real machines, made to happen on a lab's hosts. All of it ends with the host at the latest. */
export interface Faults {
  /** The host goes quiet: no packet in or out, no RST. */
  linkDown(host: string): Promise<void>
  linkUp(host: string): Promise<void>
  /** The plug is pulled: nothing is flushed, nothing says goodbye. */
  powerOff(host: string): Promise<void>
  powerOn(host: string): Promise<void>
  /** Ends every ssh session as a crash of its sshd would: the client sees the connection drop. */
  killSshSessions(host: string): Promise<void>
  /** Every ssh session hangs, the connection stays open, until it is resumed. */
  stopSshSessions(host: string): Promise<void>
  resumeSshSessions(host: string): Promise<void>
  /** The folder becomes a file system of its own without a free block, with all that was in it: ext4 on a loop device, or a tmpfs where there is none. */
  fillDisk(host: string, folder: string): Promise<Undo>
  /** Another process holds dpkg's locks, as unattended-upgrades does on a fresh machine. */
  holdDpkgLock(host: string): Promise<Undo>
}

export const faultsOf = (state: () => LabState): Faults => {
  const lab = state().name
  const hostNamed = (name: string) => hostOf(state(), name)
  const onHost = async (host: string, command: string): Promise<void> => {
    const { rc, stderr } = await exec(lab, host, command)
    if (rc !== 0) throw new LabProblem(`${host}: «${command}» failed with ${rc}: ${stderr.trim()}`, 'reset the host')
  }
  const setLink = async (host: string, state: 'up' | 'down') => {
    await sh`ip link set ${vethName(lab, hostNamed(host).number)} ${state}`
  }
  return {
    linkDown: host => setLink(host, 'down'),
    linkUp: host => setLink(host, 'up'),
    powerOff: host => haltHost(lab, host, hostNamed(host).number),
    powerOn: host => bootHosts(state(), [hostNamed(host)], silent),
    killSshSessions: host => onHost(host, signalSessions('KILL')),
    stopSshSessions: host => onHost(host, signalSessions('STOP')),
    resumeSshSessions: host => onHost(host, signalSessions('CONT')),
    fillDisk: async (host, folder) => {
      await fillDisk(lab, host, folder)
      return () => onHost(host, `if mountpoint -q '${folder}'; then umount -l '${folder}'; fi`)
    },
    holdDpkgLock: host => holdLock(lab, host),
  }
}

/** A session's processes call themselves «sshd: root@notty» or «sshd: root [priv]»; the listener «sshd: /usr/sbin/sshd». */
const signalSessions = (signal: string): string =>
  String.raw`pkill -${signal} -f '^sshd: [a-z]+(@| \[priv\])' || [ $? -eq 1 ]`

const HOLD = `import fcntl, sys, time
files = [open(path, 'a') for path in ('/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock')]
for file in files: fcntl.lockf(file, fcntl.LOCK_EX)
print('held', flush=True)
sys.stdin.read()`

/** fcntl locks, as apt takes them; they are held until the returned function, or the end of this process, closes its stdin. */
const holdLock = async (lab: string, host: string): Promise<Undo> => {
  const [program = 'false', ...args] = await enter(lab, host, ['python3', '-c', HOLD])
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`the lock of ${host} was not given`))),
  ])
  return async () => {
    child.stdin.end()
    await ended
  }
}

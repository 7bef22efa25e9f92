import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { netnsName } from '../state/names.js'
import { hasCode } from '../support/files.js'

/**
 * The host's PID 1 as this machine counts it, found by its network namespace, which no two hosts share. It is there even when
 * systemd-nspawn is not: killing nspawn leaves the system running, with its address still answering.
 */
export const initOf = async (lab: string, host: string): Promise<number | undefined> => {
  const inode = await netnsInode(lab, host)
  if (inode === undefined) return undefined
  for (const pid of await allPids()) {
    if ((await readlink(`/proc/${pid}/ns/net`).catch(() => '')) !== `net:[${inode}]`) continue
    if (await isFirstOfNamespace(pid)) return pid
  }
  return undefined
}

/** Processes whose command line has this argument, such as a script's path. */
export const processesWith = async (argument: string): Promise<readonly number[]> => {
  const pids = await allPids()
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, i) => lines[i]?.split('\0').includes(argument))
}

/** Waits until the process is gone. @returns false when it is not, after `seconds` */
export const gone = async (pid: number, seconds: number): Promise<boolean> => {
  const end = performance.now() + seconds * 1000
  while (isThere(pid)) {
    if (performance.now() > end) return false
    await sleep(20)
  }
  return true
}

export const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const netnsInode = async (lab: string, host: string): Promise<number | undefined> =>
  (await stat(`/run/netns/${netnsName(lab, host)}`).catch(() => undefined))?.ino

const allPids = async (): Promise<readonly number[]> =>
  (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)

/** PID 1 one level down; containers in the host have a level more. */
const isFirstOfNamespace = async (pid: number): Promise<boolean> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const levels = /^NSpid:\s+(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? []
  return levels.length === 2 && levels[1] === '1'
}

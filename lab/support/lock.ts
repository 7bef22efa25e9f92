import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, textOf } from './files.js'
import type { Log } from './log.js'

const path = (name: string): string => join('/run/lock', `tkplay-lab.${name}`)

/**
 * Runs `work` while no other process holds the lock of this name. A lock whose holder is gone (killed) is taken over;
 * not reentrant.
 */
export const withLock = async <T>(name: string, log: Log, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(path(name)), { recursive: true })
  let said = false
  while (!(await take(name))) {
    const holder = Number((await textOf(path(name)))?.trim())
    if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) {
      await rm(path(name), { force: true })
      continue
    }
    if (!said) log(`waiting for process ${holder || '?'}, which is working on ${name}`)
    said = true
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    await rm(path(name), { force: true })
  }
}

const take = async (name: string): Promise<boolean> => {
  try {
    await writeFile(path(name), `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

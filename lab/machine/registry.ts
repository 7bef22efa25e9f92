import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../support/files.js'

/**
 * What all labs of this machine must know of each other, wherever each keeps its state: who stands, and what the machine's
 * settings were before the first. In /run, since a restart of the machine ends the labs and resets the settings too.
 */
const ROOT = '/run/tkplay-lab'

export const settingsFile = join(ROOT, 'sysctls.json')

const labs = join(ROOT, 'labs')

export const register = async (lab: string): Promise<void> => {
  await mkdir(labs, { recursive: true })
  await replaceFile(join(labs, lab), '')
}

/** @returns whether it was the last */
export const unregister = async (lab: string): Promise<boolean> => {
  await rm(join(labs, lab), { force: true })
  return (await readdir(labs).catch(() => [])).length === 0
}

export const forgetMachine = async (): Promise<void> => {
  for (const folder of [labs, ROOT]) await rmdir(folder).catch(() => undefined)
}

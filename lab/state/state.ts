import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile, textOf } from '../support/files.js'
import { labDir, stateRoot } from './paths.js'

/** What a host is, for as long as the lab stands: `reset` keeps it. */
export interface HostState {
  readonly name: string
  /** 1 for node1; the last part of its address is this plus 10. */
  readonly number: number
  readonly address: string
  readonly mac: string
  /** 32 hex digits; there is no DMI in a lab host, so this is its system UUID too. */
  readonly machineId: string
}

/** A lab as it stands on disk, written before what it describes is made, so that an interrupted run can be undone. */
export interface LabState {
  readonly version: 1
  readonly name: string
  readonly subnet: string
  /** The folder of the base system under the cache: the lower layer of every host of this lab. */
  readonly base: string
  readonly inventory: string
  readonly kubernetes: boolean
  readonly source: Source
  /** Variables that the mirror hands to the roles. */
  readonly variables: { readonly [name: string]: Json }
  readonly hosts: readonly HostState[]
}

export type Source = 'build' | 'upstream' | 'auto'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const file = (name: string): string => join(labDir(name), 'lab.json')

export const readLab = async (name: string): Promise<LabState | undefined> => {
  const text = await textOf(file(name))
  return text === undefined ? undefined : (JSON.parse(text) as LabState)
}

export const writeLab = async (state: LabState): Promise<void> => {
  await mkdir(labDir(state.name), { recursive: true, mode: 0o700 })
  await replaceFile(file(state.name), `${JSON.stringify(state, null, 2)}\n`, 0o600)
}

/** All labs that stand on this machine, by name. */
export const allLabs = async (): Promise<readonly LabState[]> => {
  const entries = await readdir(stateRoot(), { withFileTypes: true }).catch(() => [])
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  const labs = await Promise.all(names.toSorted().map(readLab))
  return labs.filter(lab => lab !== undefined)
}

/** Removes the lab's folder, and the folder of all labs when it was the last. */
export const forgetLab = async (name: string): Promise<void> => {
  await rm(labDir(name), { recursive: true, force: true })
  await rmdir(stateRoot()).catch(() => undefined)
}

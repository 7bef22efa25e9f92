import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hostPaths } from '../state/paths.js'
import type { HostState, LabState } from '../state/state.js'
import { sh } from '../support/shell.js'
import { haltHost } from './halt.js'

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

import { readdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = '/sys/fs/cgroup'

/** Removes the host's cgroups in every hierarchy, leaves first; the kernel keeps them after their processes are gone. */
export const removeCgroups = async (name: string): Promise<void> => {
  const hierarchies = [ROOT, ...(await foldersIn(ROOT))]
  for (const hierarchy of hierarchies) await removeTree(join(hierarchy, name))
}

const removeTree = async (folder: string): Promise<void> => {
  for (const child of await foldersIn(folder)) await removeTree(child)
  await rmdir(folder).catch(() => undefined)
}

const foldersIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isDirectory()).map(entry => join(folder, entry.name))
}

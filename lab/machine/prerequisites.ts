import { existsSync } from 'node:fs'
import { mkdir, readFile, statfs } from 'node:fs/promises'
import { cacheDir, stateRoot } from '../state/paths.js'
import { LabProblem } from '../support/problem.js'
import { attempt } from '../support/shell.js'

const GIB = 2 ** 30

/** Measured: a bare host takes 30 MB at rest; a control plane with Calico 1.2 GB, a worker 0.4 GB; Go's compiler up to 2 GB. */
const memoryFor = (hosts: number, kubernetes: boolean): number =>
  kubernetes ? (1.5 + 0.5 * hosts) * GIB : 0.25 * GIB + hosts * 0.05 * GIB

/** Measured: the base is 0.3 GB; a node of a cluster holds 1 GB of images; the mirror's builds take 9 GB, once. */
const diskFor = (hosts: number, kubernetes: boolean): number =>
  kubernetes ? (10 + 1.5 * hosts) * GIB : 1 * GIB + hosts * 0.1 * GIB

/** @throws LabProblem naming the first thing that is missing, and its cure */
export const checkPrerequisites = async (hosts: number, kubernetes: boolean): Promise<void> => {
  requireRoot()
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    throw new LabProblem(
      'the lab runs on Debian and Ubuntu only',
      'start it on such a machine, or in a virtual machine with one',
    )
  }
  await requireOverlayfs()
  const memory = memoryProblem(await readFile('/proc/meminfo', 'utf8'), memoryFor(hosts, kubernetes))
  if (memory !== undefined) throw memory
  await requireDisk(diskFor(hosts, kubernetes))
}

export const requireRoot = (): void => {
  if (process.getuid?.() === 0) return
  throw new LabProblem(
    'the lab makes bridges, namespaces and mounts, which takes root',
    'start it again with sudo, or as root',
  )
}

const requireOverlayfs = async (): Promise<void> => {
  const known = async () => /\toverlay$/m.test(await readFile('/proc/filesystems', 'utf8'))
  if (await known()) return
  await attempt`modprobe overlay`
  if (await known()) return
  throw new LabProblem(
    'this kernel has no overlayfs',
    'boot a kernel with overlayfs (Debian and Ubuntu have it as the module «overlay»)',
  )
}

/** @param meminfo the text of /proc/meminfo */
export const memoryProblem = (meminfo: string, bytes: number): LabProblem | undefined => {
  const available = Number(/^MemAvailable:\s+(\d+)/m.exec(meminfo)?.[1]) * 1024
  if (!(available < bytes)) return undefined
  return new LabProblem(
    `${gib(available)} of memory are available, and ${gib(bytes)} are needed`,
    'end other programs or take another lab down, or ask for fewer hosts',
  )
}

/** The cache and the hosts' upper layers may be on different file systems: each must have the room. */
const requireDisk = async (bytes: number): Promise<void> => {
  for (const [path, variable] of [
    [stateRoot(), 'TKPLAY_LAB_STATE'],
    [cacheDir(), 'TKPLAY_CACHE'],
  ] as const) {
    await mkdir(path, { recursive: true, mode: 0o755 })
    const { bavail, bsize } = await statfs(path)
    if (bavail * bsize >= bytes) continue
    throw new LabProblem(
      `${gib(bavail * bsize)} are free under ${path}, and ${gib(bytes)} are needed`,
      `free some space there, or set ${variable} to a folder with more`,
    )
  }
}

/** overlayfs takes no overlayfs (a container's own root) as its upper layer. */
export const requireUpperLayers = async (folder = stateRoot()): Promise<void> => {
  const OVERLAYFS = 0x794c7630
  const { type } = await statfs(folder)
  if (type !== OVERLAYFS) return
  throw new LabProblem(
    `${folder} is on an overlay file system, which cannot carry the hosts' own`,
    'set TKPLAY_LAB_STATE to a folder on ext4, xfs or btrfs (in a container: a volume)',
  )
}

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GB`

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this project: above `dist/lab/state/`. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Slow things made once and kept, keyed by content. `TKPLAY_CACHE` moves it. */
export const cacheDir = (): string => process.env['TKPLAY_CACHE'] ?? '/var/cache/tkplay'

/** Everything that a standing lab has on disk. `TKPLAY_LAB_STATE` moves it (it must be on ext4 or xfs: overlayfs upper layers live here). */
export const stateRoot = (): string => process.env['TKPLAY_LAB_STATE'] ?? '/var/lib/tkplay-lab'

/** One lab's folder; gone after `down`. Its servers keep their pid files in `mirror/*.pid` below it. */
export const labDir = (lab: string): string => join(stateRoot(), lab)

const hostDir = (lab: string, host: string): string => join(labDir(lab), 'hosts', host)

/** The folders of one host. `bound` are plain folders of the outer file system: overlayfs cannot be stacked on overlayfs. */
export const hostPaths = (lab: string, host: string) => {
  const dir = hostDir(lab, host)
  return {
    dir,
    upper: join(dir, 'upper'),
    work: join(dir, 'work'),
    root: join(dir, 'root'),
    keys: join(dir, 'keys'),
    console: join(dir, 'console.log'),
    /** The script of one boot, and the one that repeats it when the host reboots. */
    boot: join(dir, 'boot'),
    supervise: join(dir, 'supervise'),
    /** Exists once the tree is a whole bare system. */
    prepared: join(dir, 'prepared'),
    /** While this file exists, a host that ends is not booted again. */
    halt: join(dir, 'halt'),
    bound: {
      '/var/lib/containerd': join(dir, 'bound/containerd'),
      '/var/lib/docker': join(dir, 'bound/docker'),
      '/var/lib/kubelet': join(dir, 'bound/kubelet'),
      '/swap': join(dir, 'bound/swap'),
    } as const,
  }
}

export type HostPaths = ReturnType<typeof hostPaths>

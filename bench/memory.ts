import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 50

export interface Watch {
  /** @returns the greatest sum that was sampled, in MB */
  stop(): Promise<number>
}

/** Samples the memory of a process and its descendants. */
export const watchMemory = (root: number): Watch => {
  let most = 0
  let stopped = false
  let family: ReadonlySet<number> = new Set([root])
  const look = async (): Promise<void> => {
    family = familyOf(family, await parents())
    most = Math.max(most, together(await Promise.all([...family].map(sizeOf))) / 1024)
  }
  const looking = (async () => {
    while (!stopped) {
      await look()
      await sleep(EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await looking
      return most
    },
  }
}

/** The living members of the family, and their children. A process whose parent has ended stays in the family. */
export const familyOf = (family: ReadonlySet<number>, parentOf: ReadonlyMap<number, number>): ReadonlySet<number> => {
  const found = new Set([...family].filter(pid => parentOf.has(pid)))
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const [pid, parent] of parentOf) if (found.has(parent)) found.add(pid)
  }
  return found
}

const parents = async (): Promise<ReadonlyMap<number, number>> => {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const pairs = await Promise.all(
    pids.map(
      async pid => [Number(pid), parentIn(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))] as const,
    ),
  )
  return new Map(pairs.filter(([, parent]) => !Number.isNaN(parent)))
}

/** Parses `PID (NAME) STATE PARENT …`; the name may contain anything. */
const parentIn = (stat: string): number => Number(/^.*\) \S (\d+)/s.exec(stat)?.[1])

interface Size {
  readonly own: number
  readonly shared: number
}

/**
 * The private memory of all processes, and the largest shared part once: fifty forks do not use fifty times their
 * parent's memory. PSS is unsuitable, since it depends on other programs that run the same Node.
 */
export const together = (sizes: readonly Size[]): number =>
  sizes.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...sizes.map(({ shared }) => shared))

const sizeOf = async (pid: number): Promise<Size> => {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return { own: kilobytes(text, 'Private'), shared: kilobytes(text, 'Shared') }
}

const kilobytes = (text: string, kind: string): number =>
  [...text.matchAll(new RegExp(`^${kind}_(?:Clean|Dirty):\\s+(\\d+) kB`, 'gm'))].reduce(
    (sum, [, kb]) => sum + Number(kb),
    0,
  )

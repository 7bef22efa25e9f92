import { readFile } from 'node:fs/promises'

/** A process beyond doubt: numbers are used again, a number together with its start time is not. */
export interface ProcessId {
  readonly pid: number
  /** field 22 of /proc/PID/stat: clock ticks after boot */
  readonly started: string
}

export async function identify(pid: number): Promise<ProcessId> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, started: fields[19] ?? '' }
}

export async function isAlive(id: ProcessId): Promise<boolean> {
  const now = await identify(id.pid).catch(() => undefined)
  return now?.started === id.started
}

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** The group of processes that runs now, so that an interrupt ends it. */
let running: number | undefined

/** What does not listen to an interrupt is ended this much later. */
const PATIENCE_MS = 10_000

/** Starts a command as a process group of its own. One at a time. */
export const startGroup = ([program = '', ...args]: readonly string[], options: SpawnOptions): ChildProcess => {
  const child = spawn(program, args, { ...options, detached: true })
  running = child.pid
  child.once('exit', () => {
    running = undefined
  })
  return child
}

/** As Ctrl-C would. */
export const endRunning = (): void => {
  const group = running
  if (group === undefined) return
  send(group, 'SIGINT')
  setTimeout(() => {
    if (running === group) send(group, 'SIGKILL')
  }, PATIENCE_MS).unref()
}

const send = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal)
  } catch {
    // Already gone.
  }
}

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** The running process group, so that an interrupt can end it. */
let running: number | undefined

/** ms after an interrupt until the group is killed. */
const PATIENCE_MS = 10_000

/** Starts a command in its own process group. One at a time. */
export const startGroup = ([program = '', ...args]: readonly string[], options: SpawnOptions): ChildProcess => {
  const child = spawn(program, args, { ...options, detached: true })
  running = child.pid
  child.once('exit', () => {
    running = undefined
  })
  return child
}

/** Interrupts the running group like Ctrl-C. */
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

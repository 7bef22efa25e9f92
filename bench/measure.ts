import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabProblem } from '../lab/problem.js'
import { watchMemory } from './memory.js'
import { parseTime, TIME_FORMAT } from './time.js'

export interface Sample {
  /** Seconds from the start of the process to its end. */
  readonly wall: number
  /** Seconds of processor time, user and system, of the process and what it waited for. */
  readonly cpu: number
  /** The largest of its processes, in MB. */
  readonly largest: number
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly sample: Sample
  /** All its processes together, in MB; where it was watched. */
  readonly together?: number
}

interface Command {
  readonly argv: readonly string[]
  readonly env: { readonly [name: string]: string }
  readonly cwd: string
}

/** The group of processes that runs now, so that an interrupt ends it. */
let running: number | undefined

export const endRunning = (): void => {
  if (running === undefined) return
  try {
    process.kill(-running, 'SIGTERM')
  } catch {
    // Already gone.
  }
}

/**
 * Runs a command to its end. What it prints goes to files: a pipe would stay open as long as something that the command left in
 * the background holds it, such as an ssh that keeps its connection for later.
 */
export const measure = async ({ argv, env, cwd }: Command, dir: string, watched = false): Promise<Ran> => {
  const paths = { stdout: join(dir, 'stdout'), stderr: join(dir, 'stderr'), time: join(dir, 'time') }
  const [stdout, stderr] = await Promise.all([open(paths.stdout, 'w'), open(paths.stderr, 'w')])
  try {
    const started = performance.now()
    const child = spawn('/usr/bin/time', ['-q', '-f', TIME_FORMAT, '-o', paths.time, '--', ...argv], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', stdout.fd, stderr.fd],
    })
    running = child.pid
    const watch = watched && child.pid !== undefined ? watchMemory(child.pid) : undefined
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    const wall = (performance.now() - started) / 1000
    const together = await watch?.stop()
    const usage = parseTime(await readFile(paths.time, 'utf8').catch(() => ''))
    if (usage === undefined) throw new LabProblem(`${argv[0]} was ended by ${signal}`, 'start the bench again')
    return {
      code: code ?? 255,
      stdout: await readFile(paths.stdout, 'utf8'),
      stderr: await readFile(paths.stderr, 'utf8'),
      sample: { wall, ...usage },
      ...(together !== undefined && { together }),
    }
  } finally {
    running = undefined
    await Promise.all([stdout.close(), stderr.close()])
  }
}

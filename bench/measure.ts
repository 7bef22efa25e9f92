import { once } from 'node:events'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabProblem } from '../lab/support/problem.js'
import { watchMemory } from './memory.js'
import { startGroup } from './running.js'
import { parseTime, TIME_FORMAT } from './time.js'

export interface Sample {
  /** Seconds from the start of the process to its end. */
  readonly wall: number
  /** Seconds of processor time, user and system, of the process and the children that it waited for. */
  readonly cpu: number
  /** The memory of its largest process, in MB. */
  readonly largest: number
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly sample: Sample
  /** The memory of all its processes together, in MB; where it was watched. */
  readonly together?: number
}

export interface Command {
  readonly argv: readonly string[]
  readonly env: { readonly [name: string]: string }
  readonly cwd: string
}

export type Measure = (command: Command, watched: boolean) => Promise<Ran>

/** GNU time, which not every Debian has. It goes on when the measured command is interrupted. */
export const TIME = '/usr/bin/time'

/**
 * Runs a command to its end. Its output goes to files: a pipe would stay open as long as a background process holds it,
 * such as an ssh that keeps its connection.
 */
export const measureIn =
  (dir: string): Measure =>
  async ({ argv, env, cwd }, watched) => {
    const paths = { stdout: join(dir, 'stdout'), stderr: join(dir, 'stderr'), time: join(dir, 'time') }
    await rm(paths.time, { force: true })
    const [stdout, stderr] = await Promise.all([open(paths.stdout, 'w'), open(paths.stderr, 'w')])
    try {
      const started = performance.now()
      const child = startGroup([TIME, '-q', '-f', TIME_FORMAT, '-o', paths.time, '--', ...argv], {
        cwd,
        env,
        stdio: ['ignore', stdout.fd, stderr.fd],
      })
      const watch = watched && child.pid !== undefined ? watchMemory(child.pid) : undefined
      const [code] = (await once(child, 'exit')) as [number | null, string | null]
      const wall = (performance.now() - started) / 1000
      const together = await watch?.stop()
      const usage = parseTime(await readFile(paths.time, 'utf8').catch(() => ''))
      if (usage === undefined) throw new LabProblem(`${argv[0]} was ended from outside`, 'start the bench again')
      return {
        code: code ?? 255,
        stdout: await readFile(paths.stdout, 'utf8'),
        stderr: await readFile(paths.stderr, 'utf8'),
        sample: { wall, ...usage },
        // Sampling may miss the peak; the kernel does not.
        ...(together !== undefined && { together: Math.max(together, usage.largest) }),
      }
    } finally {
      await Promise.all([stdout.close(), stderr.close()])
    }
  }

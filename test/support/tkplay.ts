import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Mutex } from 'async-mutex'
import type { Event, HostRecap, StepEnded } from '../../engine/core/event.js'
import type { Ask } from './kept-process.js'

/** The built program, found from dist/test/support. */
export const program = fileURLToPath(new URL('../../bundle/bin/tkplay.js', import.meta.url))
const keptProcess = fileURLToPath(new URL('kept-process.js', import.meta.url))
/** The checkout, where playbooks and inventories are. */
export const project = fileURLToPath(new URL('../../..', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RanJson extends Ran {
  readonly events: readonly Event[]
  readonly recap: { readonly [host: string]: HostRecap }
  /** Steps as they ended, without the single items of loops. */
  readonly steps: readonly StepEnded[]
  /** `host › step` of those with this status. */
  with(status: StepEnded['status']): readonly string[]
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string }
  /** Runs on this machine find and leave no notes of others: /var/lib/tkplay is one of their own. */
  readonly apart?: boolean
}

/** Put before a command. Who is not root keeps notes below HOME. */
export const apart: readonly string[] =
  process.getuid?.() === 0
    ? [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mkdir -p /var/lib/tkplay && mount -t tmpfs tmpfs /var/lib/tkplay && exec "$@"',
        'sh',
      ]
    : []

/** Starts tkplay as a user's shell would. */
export const start = (args: readonly string[], options: RunOptions = {}): ChildProcess => {
  const { cwd = project, env = {}, apart: isApart = false } = options
  const [command = process.execPath, ...words] = [...(isApart ? apart : []), process.execPath, program, ...args]
  return spawn(command, words, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export const tkplay = async (args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  finished(start(args, options))

type Tkplay = (args: readonly string[], options?: RunOptions) => Promise<Ran>

/**
 * Runs the CLI in one process that is kept until the test ends, one run after the other: for rows of cases in which it is not the process that
 * is tested. A run's folder and environment are its own, as its notes are where the process is `apart`.
 */
export const kept = (t: { teardown(end: () => void): unknown }, { apart: isApart = false } = {}): Tkplay => {
  const [command = process.execPath, ...words] = [...(isApart ? apart : []), process.execPath, keptProcess]
  let child: ChildProcess | undefined
  const turns = new Mutex()
  t.teardown(() => child?.disconnect())
  const run = async (args: readonly string[], { cwd = project, env = {} }: RunOptions): Promise<Ran> => {
    child ??= spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const notes = isApart && apart.length > 0 ? { forget: '/var/lib/tkplay' } : {}
    const ask: Ask = { args, cwd, env: { ...process.env, NO_COLOR: '1', ...env }, ...notes }
    const over = new AbortController()
    const { signal } = over
    try {
      const answer = once(child, 'message', { signal }).then(([ran]) => ran as Ran)
      const ended = once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`tkplay ${args.join(' ')} ended the process with ${code}: start a process of its own for it`)
      })
      child.send(ask)
      return await Promise.race([answer, ended])
    } finally {
      over.abort()
    }
  }
  return (args, options = {}) => turns.runExclusive(() => run(args, options))
}

export const finished = async (child: ChildProcess): Promise<Ran> => {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** The same with `-o json`, its events read. */
export const tkplayJson = async (
  args: readonly string[],
  options: RunOptions = {},
  run: Tkplay = tkplay,
): Promise<RanJson> => readEvents(await run([...args, '-o', 'json'], options))

export const readEvents = (ran: Ran): RanJson => {
  const events = ran.stdout
    .split('\n')
    .filter(line => line.startsWith('{') && line.endsWith('}'))
    .map(line => JSON.parse(line) as Event)
  const ended = events.find(event => event.kind === 'run-ended')
  const steps = events.filter((event): event is StepEnded => event.kind === 'step-ended' && event.item === undefined)
  return {
    ...ran,
    events,
    steps,
    recap: ended?.hosts ?? {},
    with: status => steps.filter(step => step.status === status).map(step => `${step.host} › ${step.step.name}`),
  }
}

/** What went wrong, for a test's message: failures in words, else what was printed. */
export const troubles = (ran: RanJson): string => {
  const failures = ran.steps.filter(
    step => step.failure !== undefined && (step.status === 'failed' || step.status === 'unreachable'),
  )
  const said = failures.map(step => `${step.host} › ${step.step.name}: ${words(step.failure)}`)
  // A host may be refused before its first step: that is told of the host.
  const ofHosts = ran.events.flatMap(event =>
    event.kind === 'host-failed' ? [`${event.host}: ${words(event.failure)}`] : [],
  )
  return [`exit ${ran.code}`, ...said, ...ofHosts, ran.stderr.slice(-2000)].join('\n')
}

/** The words that `-o json` gives with a failure. */
const words = (failure: unknown): string | undefined =>
  (failure as { readonly lines?: readonly string[] }).lines?.join('\n  ')

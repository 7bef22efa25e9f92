import { Buffer } from 'node:buffer'
import type { Answer, Job } from '../../core/connection.js'
import { ApplyFailed, CutOff, TkplayError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { Raw, RunAs, RunOptions, Session, SharedValue } from '../../core/module.js'
import { text } from '../../core/read.js'
import { command } from '../../shell/quote.js'
import { putScript } from './atomic-write.js'
import { floodedBy } from './flooded.js'
import type { Machine } from './machine.js'
import { longScript, stopLong } from './transient-unit.js'

export interface SessionContext {
  readonly machine: Machine
  readonly as: RunAs
  readonly env: { readonly [name: string]: string }
  /** ms for the whole step; no limit by default. */
  readonly timeout?: number
  readonly signal: AbortSignal
  shared<T extends Json>(ref: SharedValue<T>): Promise<T>
  progress(text: string): void
}

/** The session for `apply`. Everything runs over the host's open channel; a failed command throws. */
export const openSession = (context: SessionContext): Session => {
  const send = async (
    sh: string,
    options: RunOptions,
    shown: string,
    how: Pick<Job, 'survives'> = {},
  ): Promise<Raw> => {
    const jobs = [{ ...toJob(sh, options, context), ...how }]
    const [answer] = await context.machine.run(options.as ?? context.as, jobs, { signal: context.signal })
    return checkExitCode(answer, shown, options, context.timeout)
  }

  return {
    host: context.machine.name,
    run: (argv, options = {}) => send(command(argv), options, command(argv)),
    shell: (script, options = {}) => send(script, options, options.shown ?? script),
    async long(name, argv, options = {}) {
      try {
        return await send(
          longScript(name, argv, { ...context.env, ...options.env }),
          { ...options, env: {} },
          command(argv),
          // Killed, the waiting script would leave its files behind; and without systemd it is the command itself.
          { survives: true },
        )
      } catch (error) {
        if (isTimeout(error)) await send(stopLong(name), { ok: 'any', timeout: 30_000 }, `stop ${name}`)
        // Only the waiting script was ended, not the unit.
        if (error instanceof CutOff) throw new TkplayError({ kind: 'interrupted', runsOn: true })
        throw error
      }
    },
    async put(path, body, options = {}) {
      const stdin = typeof body === 'string' ? Buffer.from(body) : body
      // A validating command may print the content of the file.
      const secret = options.validate !== undefined
      const answer = await send(putScript(path, options), { stdin, secret }, `write ${path}`)
      return text(answer.stdout).trim() || undefined
    },
    shared: ref => context.shared(ref),
    reconnect: () => context.machine.drop(),
    progress: line => context.progress(line),
  }
}

const toJob = (sh: string, options: RunOptions, context: SessionContext): Job => {
  const env = { ...context.env, ...options.env }
  const timeout = options.timeout ?? context.timeout
  return {
    sh,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(options.stdin === undefined ? {} : { stdin: bytes(options.stdin) }),
  }
}

const bytes = (body: Uint8Array | string): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body)

const checkExitCode = (
  answer: Answer | undefined,
  shown: string,
  options: RunOptions,
  stepTimeout: number | undefined,
): Raw => {
  if (answer === undefined) throw new Error('a job was sent and no answer came')
  const { timedOut, flooded, ...raw } = answer
  if (timedOut) throw new TkplayError({ kind: 'timeout', command: shown, ms: options.timeout ?? stepTimeout ?? 0 })
  if (flooded === true) throw floodedBy(shown)
  const ok = options.ok ?? [0]
  if (ok !== 'any' && !ok.includes(raw.rc))
    throw new ApplyFailed(shown, raw, options.secret === true ? { secret: true } : {})
  return raw
}

const isTimeout = (error: unknown): boolean => error instanceof TkplayError && error.failure.kind === 'timeout'

import { Mutex } from 'async-mutex'
import type { Answer, BatchOptions, Channel, Connection, Job, Target, Transport } from '../core/connection.js'
import { CutOff, TkplayError, Unreachable, type UnreachableCode } from '../core/failure.js'
import type { RunAs } from '../core/module.js'
import { becoming } from './become.js'

/** The answer to a job; rc 0 and no output by default. */
export interface FakeAnswer {
  readonly rc?: number
  readonly stdout?: string | Uint8Array
  readonly stderr?: string | Uint8Array
  readonly timedOut?: boolean
}

/** What a fake host gets with a job. */
export interface FakeContext {
  readonly host: string
  readonly as: RunAs
}

type Answering<S> = FakeAnswer | ((job: Job, state: S, context: FakeContext) => FakeAnswer)
/** `when`: the whole text of the job, or a regular expression that matches part of it. */
export type FakeRule<S> = readonly [when: string | RegExp, answer: Answering<S>]

/**
 * The rules of a host, of which the first that matches answers; or one function for all jobs, which returns undefined
 * for a job that it does not know.
 */
export type FakeHost<S> =
  | readonly FakeRule<S>[]
  | ((job: Job, state: S, context: FakeContext) => FakeAnswer | undefined)

export interface FakeOptions<S> {
  readonly hosts: { readonly [name: string]: FakeHost<S> }
  /**
   * Makes the state of a host when the host is first connected to. Like a disk, the state outlives a lost connection.
   */
  readonly state?: (host: string) => S
  /** The login user; an ordinary user by default. */
  readonly loginUser?: string
  /** Hosts that are unreachable, and why. */
  readonly unreachable?: { readonly [name: string]: UnreachableCode }
  /** Awaited before a batch is answered, so that a test can hold hosts back. */
  readonly delay?: (host: string, batch: number) => Promise<void>
}

export interface FakeBatch {
  readonly host: string
  readonly as: RunAs
  readonly jobs: readonly Job[]
  /** Counts from 0 on each host, over all its connections. */
  readonly number: number
}

export interface Fake<S> extends Transport {
  /** All batches, in the order in which they were sent. */
  readonly batches: readonly FakeBatch[]
  /** The batches of one host. */
  sent(host: string): readonly FakeBatch[]
  /** How often a host was connected to. */
  connects(host: string): number
  /** The greatest number of connections that were open at once. */
  readonly mostOpen: number
  /** The state of a host, for a test to inspect, or to change without the engine's knowledge. */
  state(host: string): S
  /**
   * Makes the connection of the host break in its next batch, after `after` jobs were executed. The host can be
   * connected to again.
   */
  loseNext(host: string, after?: number): void
}

/**
 * A transport for tests of the engine, with hosts that answer by rules. A job that no rule matches fails the test with
 * a `bug` that names the host and the job.
 */
export const fake = <S = undefined>(options: FakeOptions<S>): Fake<S> => {
  const batches: FakeBatch[] = []
  const connects = new Map<string, number>()
  const states = new Map<string, S>()
  const breaksAfter = new Map<string, number>()
  const open = new Set<FakeConnection>()
  let mostOpen = 0

  const sent = (host: string): readonly FakeBatch[] => batches.filter(batch => batch.host === host)
  const state = (host: string): S => {
    if (!states.has(host)) states.set(host, options.state?.(host) as S)
    return states.get(host) as S
  }

  const run = async (
    host: string,
    as: RunAs,
    jobs: readonly Job[],
    { signal }: BatchOptions,
  ): Promise<readonly Answer[]> => {
    if (signal?.aborted === true) throw new TkplayError({ kind: 'interrupted' })
    const number = sent(host).length
    batches.push({ host, as, jobs, number })
    const lost = breaksAfter.get(host)
    breaksAfter.delete(host)
    await unlessAborted(options.delay?.(host, number), signal)
    const answers = jobs
      .slice(0, lost)
      .map(job => toAnswer(answerOf(options.hosts[host], job, state(host), { host, as })))
    if (lost !== undefined) throw unreachable(host, 'lost')
    return answers
  }

  const connect = async (target: Target): Promise<Connection> => {
    const host = target.name
    connects.set(host, (connects.get(host) ?? 0) + 1)
    const code = options.unreachable?.[host]
    if (code !== undefined) throw unreachable(host, code)
    if (options.hosts[host] === undefined) throw bug(`fake transport: there is no host '${host}'`)
    const connection: FakeConnection = new FakeConnection(
      target,
      options.loginUser ?? 'fake',
      run,
      () => void open.delete(connection),
    )
    open.add(connection)
    mostOpen = Math.max(mostOpen, open.size)
    return connection
  }

  return {
    batches,
    sent,
    state,
    connects: host => connects.get(host) ?? 0,
    get mostOpen() {
      return mostOpen
    },
    loseNext: (host, after = 0) => breaksAfter.set(host, after),
    connect,
    close: async () => {},
  }
}

type Run = (host: string, as: RunAs, jobs: readonly Job[], options: BatchOptions) => Promise<readonly Answer[]>

class FakeConnection implements Connection {
  readonly target: string
  roundTrips = 0
  #ended = false
  readonly #channels = new Map<string, Channel>()
  readonly #host: string
  readonly #run: Run

  constructor(
    readonly to: Target,
    readonly loginUser: string,
    run: Run,
    readonly closed: () => void,
  ) {
    this.#host = to.name
    this.#run = run
    this.target = `${loginUser}@${to.name}:22`
  }

  async channel(as: RunAs): Promise<Channel> {
    if (this.#ended) throw unreachable(this.#host, 'lost')
    const key = this.userOf(as)
    const known = this.#channels.get(key) ?? this.#open(as)
    this.#channels.set(key, known)
    return known
  }

  userOf(as: RunAs): string {
    return JSON.stringify(becoming(as, this.to, this.loginUser) ?? null)
  }

  reopen(): void {
    this.#channels.clear()
  }

  async close(): Promise<void> {
    this.#ended = true
    this.closed()
  }

  #open(as: RunAs): Channel {
    const channel = new Mutex()
    const one = async (jobs: readonly Job[], options: BatchOptions): Promise<readonly Answer[]> => {
      if (this.#ended) throw unreachable(this.#host, 'lost')
      this.roundTrips += 1
      try {
        return await this.#run(this.#host, as, jobs, options)
      } catch (error) {
        if (error instanceof Unreachable) this.#ended = true
        throw error
      }
    }
    const run = (jobs: readonly Job[], options: BatchOptions = {}): Promise<readonly Answer[]> =>
      jobs.length === 0 ? Promise.resolve([]) : channel.runExclusive(() => one(jobs, options))
    return { run, close: () => this.#channels.delete(this.userOf(as)) }
  }
}

const answerOf = <S>(rules: FakeHost<S> | undefined, job: Job, state: S, context: FakeContext): FakeAnswer => {
  const found = typeof rules === 'function' ? rules(job, state, context) : byRule(rules ?? [], job, state, context)
  if (found === undefined) throw bug(`fake transport: host '${context.host}' has no answer for this job:\n${job.sh}`)
  return found
}

const byRule = <S>(rules: readonly FakeRule<S>[], job: Job, state: S, context: FakeContext): FakeAnswer | undefined => {
  const rule = rules.find(([when]) => (typeof when === 'string' ? when === job.sh : new RegExp(when).test(job.sh)))
  const answer = rule?.[1]
  return typeof answer === 'function' ? answer(job, state, context) : answer
}

const toAnswer = ({ rc = 0, stdout = '', stderr = '', timedOut = false }: FakeAnswer): Answer => ({
  rc,
  stdout: toBytes(stdout),
  stderr: toBytes(stderr),
  timedOut,
})

const toBytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text

const unlessAborted = (delay: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(new CutOff())
    signal?.addEventListener('abort', abort, { once: true })
    Promise.resolve(delay)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', abort))
  })

const unreachable = (host: string, code: UnreachableCode): Unreachable =>
  new Unreachable(code, `fake host ${host}: ${code}`, 'this is a test')

const bug = (message: string): TkplayError => {
  const error = new TkplayError({ kind: 'bug', message, stack: '' })
  return new TkplayError({ kind: 'bug', message, stack: error.stack ?? '' })
}

import { Mutex } from 'async-mutex'
import type { Answer, BatchOptions, Channel, Connection, Job, Target, Transport } from '../core/connection.js'
import { CutOff, TkplayError, Unreachable, type UnreachableCode } from '../core/failure.js'
import type { RunAs } from '../core/module.js'
import { becoming } from './become.js'

/** What a job answers: rc 0 and no output unless told. */
export interface FakeAnswer {
  readonly rc?: number
  readonly stdout?: string | Uint8Array
  readonly stderr?: string | Uint8Array
  readonly timedOut?: boolean
}

/** What a fake host knows of a job beside its text. */
export interface FakeContext {
  readonly host: string
  readonly as: RunAs
}

type Answering<S> = FakeAnswer | ((job: Job, state: S, context: FakeContext) => FakeAnswer)
/** The job's whole text, or an expression that is found in it. */
export type FakeRule<S> = readonly [when: string | RegExp, answer: Answering<S>]

/**
 * A host's rules: the first that fits answers. Or one function for all its jobs, which answers undefined where it does not
 * know the job.
 */
export type FakeHost<S> =
  | readonly FakeRule<S>[]
  | ((job: Job, state: S, context: FakeContext) => FakeAnswer | undefined)

export interface FakeOptions<S> {
  readonly hosts: { readonly [name: string]: FakeHost<S> }
  /** Each host's own state, made when it is first connected to: it outlives a lost connection, as a disk does. */
  readonly state?: (host: string) => S
  /** Who logs in; an ordinary user unless told. */
  readonly loginUser?: string
  /** Hosts that cannot be reached, and why. */
  readonly unreachable?: { readonly [name: string]: UnreachableCode }
  /** Awaited before a batch answers: a test holds hosts back by it. */
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
  /** All batches in the order in which they were sent. */
  readonly batches: readonly FakeBatch[]
  /** The batches of one host. */
  sent(host: string): readonly FakeBatch[]
  /** How often a host was connected to. */
  connects(host: string): number
  /** How many connections were open at once at the most. */
  readonly mostOpen: number
  /** The state of a host; for looking, and for changing it behind the engine's back. */
  state(host: string): S
  /** The host's connection breaks in its next batch, after so many jobs had their effect; it can be connected to again. */
  loseNext(host: string, after?: number): void
}

/**
 * Hosts that answer by rules instead of a network, for tests of the engine. A job that no rule knows fails the test: it
 * rejects with a `bug` that names the host and the job.
 */
export const fake = <S = undefined>(options: FakeOptions<S>): Fake<S> => {
  const batches: FakeBatch[] = []
  const connects = new Map<string, number>()
  const states = new Map<string, S>()
  const losing = new Map<string, number>()
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
    const lost = losing.get(host)
    losing.delete(host)
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
    loseNext: (host, after = 0) => losing.set(host, after),
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

import type { Answer, BatchOptions, Connection, Job, Target, Transport } from '../../core/connection.js'
import { TkplayError, Unreachable } from '../../core/failure.js'
import { groupedBy } from '../../core/grouped.js'
import type { Facts, Read, RunAs } from '../../core/module.js'
import type { Locks } from '../schedule/locks.js'
import type { Epochs } from './epochs.js'
import { placeOf } from './machine-identity.js'
import { type Count, type Observation, Observations, type PlannedRead, readerOf, timeoutOf } from './observations.js'

/** A host as something that executes: its connection, what was observed on it, and one apply at a time. */
export class Machine {
  facts: Facts | undefined
  /** Whether a change was carried out over this connection: then a lost one is never opened again blindly. */
  touched = false
  #connection: Promise<Connection> | undefined
  #open: Connection | undefined
  #place: string | undefined
  #tripsBefore = 0
  /** How often the connection was forgotten: one that is only being opened then is none. */
  #forgotten = 0
  /** Batches under way. */
  #using = 0
  /** Closings that nobody waited for. */
  #resting: Promise<unknown> = Promise.resolve()
  readonly #observations = new Observations()
  /** What was there for who asked: held as long as the asking step lives, though it is stale and dropped. */
  readonly #seen = new WeakMap<PlannedRead, Observation>()
  /** What was done at its place under other names, as far as it counts. */
  #others = 0

  constructor(
    readonly name: string,
    readonly target: () => Target,
    readonly transport: Transport,
    readonly epochs: Epochs,
    readonly locks: Locks,
    readonly connected: (ms: number) => void,
  ) {}

  /** Round trips since connecting. */
  get roundTrips(): number {
    return this.#tripsBefore + (this.#open?.roundTrips ?? 0)
  }

  /**
   * Where it executes: under whichever names a machine is asked for, it is one. A host that nothing is done on by itself, since all is
   * delegated, need not be one that can be reached: it has its name then, until its variables say more.
   */
  get place(): string {
    if (this.#place !== undefined) return this.#place
    try {
      return this.#settle(this.target())
    } catch {
      return this.name
    }
  }

  /** Whether it is the machine that tkplay runs on. */
  get isHere(): boolean {
    return this.target().kind === 'local'
  }

  get isConnected(): boolean {
    return this.#open !== undefined
  }

  /** One batch as that user: a round trip. @throws Unreachable */
  async run(as: RunAs, jobs: readonly Job[], options: BatchOptions = {}): Promise<readonly Answer[]> {
    return this.#over(async connection => (await connection.channel(as)).run(jobs, options))
  }

  /** New groups or another environment of users are seen from here on. */
  reopen(): void {
    this.#open?.reopen()
  }

  /** Whether the read needs no trip. */
  isFresh(planned: PlannedRead): boolean {
    const seen = this.#fresh(planned)
    if (seen !== undefined) this.#seen.set(planned, seen)
    return seen !== undefined
  }

  /**
   * The last answer to a read. Fresh when it was asked for: another host may have changed the cluster while it was under way, and who
   * cares about that asks `isFresh` again.
   */
  answer(planned: PlannedRead): Promise<Answer> | undefined {
    return (this.#observations.last(planned) ?? this.#seen.get(planned))?.answer
  }

  /**
   * Reads all that is not fresh: one round trip for each user they are read as. Failures are kept with the answers.
   * @param signal ends what is being read: only where the reads may take their time
   */
  async observe(reads: readonly PlannedRead[], signal?: AbortSignal): Promise<void> {
    const stale = distinct(reads.filter(read => !this.isFresh(read)))
    const observing = stale.length === 0 ? undefined : this.#observe(stale, signal)
    for (const read of reads) this.#hold(read)
    await observing
    await Promise.allSettled(reads.map(one => this.answer(one)))
  }

  /** Does what may change the host. Observations from before are stale afterwards, whoever asked for them. */
  async changing<T>(work: () => Promise<T>): Promise<T> {
    this.touched = true
    this.epochs.raiseHost(this.name)
    try {
      return await work()
    } finally {
      this.outdate()
    }
  }

  /** What was observed there may be another by now. */
  outdate(): void {
    this.epochs.raiseHost(this.name)
    this.epochs.raisePlace(this.place, this.name)
  }

  /** From here on what was done at its place under other names counts: not at once, or each would make all others read again. */
  catchUp(): void {
    // Where nothing was observed nobody need know the place yet.
    if (!this.#observations.isEmpty) this.#countOthers()
  }

  /** Whether other names of the inventory are this machine too. */
  get isShared(): boolean {
    return this.epochs.isShared(this.place, this.name)
  }

  /**
   * An apply, alone on its host; what makes a state of what it finds there (`states`) is alone at its place, whatever names the place
   * has. Commands under several names of one machine stand side by side, as one would expect of a hundred names for localhost.
   */
  applying<T>(states: boolean, work: () => Promise<T>): Promise<T> {
    const alone = states ? () => this.locks.of(`at ${this.place}`).runExclusive(work) : work
    return this.locks.of(`host ${this.name}`).runExclusive(alone)
  }

  async close(): Promise<void> {
    await this.#resting
    await this.#open?.close()
  }

  /** Closes the connection unless somebody is at work over it. Nothing on the host is another; the next use connects again. */
  rest(): void {
    if (this.#using === 0) this.#resting = Promise.all([this.#resting, this.#forget()])
  }

  /** Forgets the connection (a reboot, a lost one); the next use connects again. */
  async drop(): Promise<void> {
    this.outdate()
    await this.#forget()
  }

  async #forget(): Promise<void> {
    const open = this.#open
    this.#forgotten++
    this.#tripsBefore = this.roundTrips
    this.#open = undefined
    this.#connection = undefined
    await open?.close().catch(() => undefined)
  }

  async #over<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#using++
    try {
      return await work(await this.#connect())
    } finally {
      this.#using--
    }
  }

  #connect(): Promise<Connection> {
    this.#connection ??= this.#reach()
    return this.#connection
  }

  async #reach(): Promise<Connection> {
    const from = performance.now()
    const forgotten = this.#forgotten
    let open: Connection
    try {
      const target = this.target()
      this.#settle(target)
      open = await this.transport.connect(target)
    } catch (error) {
      if (forgotten === this.#forgotten) this.#connection = undefined
      throw error
    }
    if (forgotten !== this.#forgotten) {
      await open.close().catch(() => undefined)
      throw new Unreachable('lost', `the connection to ${this.name} was given up before it was open`, 'run again')
    }
    this.#open = open
    this.connected(performance.now() - from)
    return open
  }

  #countOthers(): void {
    this.#others = this.epochs.others(this.place, this.name)
  }

  #settle(target: Target): string {
    const place = placeOf(target)
    if (place !== this.#place) this.epochs.settle(place, this.name)
    this.#place = place
    return place
  }

  #fresh(planned: PlannedRead): Observation | undefined {
    const seen = this.#observations.last(planned)
    if (seen === undefined || seen.others !== this.#others || seen.hostEpoch !== this.epochs.host(this.name))
      return undefined
    return isClusterWide(planned.read) && seen.clusterEpoch !== this.epochs.cluster ? undefined : seen
  }

  async #observe(reads: readonly PlannedRead[], signal?: AbortSignal): Promise<void> {
    this.#countOthers()
    const epochs = this.#now
    this.#observations.sweep(epochs)
    const sent = this.#send(reads, signal)
    for (const planned of reads) {
      const answer = sent.then(answers => answers.get(planned) as Promise<Answer>)
      answer.catch(() => undefined)
      this.#observations.keep(planned, { answer, ...epochs, clusterWide: isClusterWide(planned.read) })
    }
    await sent.catch(() => undefined)
  }

  /** Each read's answer to come. */
  async #send(
    reads: readonly PlannedRead[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<PlannedRead, Promise<Answer>>> {
    const byUser = async (connection: Connection) => groupedBy(reads, ({ as }) => connection.userOf(as))
    const groups = await this.#again(reads, () => this.#over(byUser))
    return new Map([...groups.values()].flatMap(group => this.#sendAs(group[0]?.as ?? 'login', group, signal)))
  }

  #sendAs(
    as: RunAs,
    reads: readonly PlannedRead[],
    signal: AbortSignal | undefined,
  ): readonly (readonly [PlannedRead, Promise<Answer>])[] {
    const jobs = reads.map(toJob)
    const answers = this.#again(reads, () => this.run(as, jobs, signal === undefined ? {} : { signal }))
    return reads.map((planned, index) => [planned, answers.then(all => all[index] as Answer)])
  }

  /** A lost connection is tried once more: reading twice does no harm, but only as long as nothing was applied. */
  async #again<T>(reads: readonly PlannedRead[], work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (this.touched || !isLost(error)) throw error
      await this.drop()
      const now = this.#now
      const done = await work()
      for (const planned of reads) this.#observations.moveTo(planned, now)
      return done
    }
  }

  get #now(): Count {
    return { hostEpoch: this.epochs.host(this.name), others: this.#others, clusterEpoch: this.epochs.cluster }
  }

  #hold(planned: PlannedRead): void {
    const seen = this.#observations.last(planned)
    if (seen !== undefined) this.#seen.set(planned, seen)
  }
}

export const isClusterWide = (read: Read<unknown>): boolean => read.scope === 'cluster' || read.on !== undefined

const isLost = (error: unknown): boolean =>
  error instanceof TkplayError && error.failure.kind === 'unreachable' && error.failure.code === 'lost'

const distinct = (reads: readonly PlannedRead[]): readonly PlannedRead[] =>
  [...groupedBy(reads, readerOf).values()].flatMap(group => [...new Map(group.map(one => [one.read.sh, one])).values()])

const toJob = (planned: PlannedRead): Job => ({
  sh: planned.read.sh,
  timeout: timeoutOf(planned),
  ...(Object.keys(planned.env).length === 0 ? {} : { env: planned.env }),
})

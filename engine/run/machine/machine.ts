import type { Answer, BatchOptions, Connection, Job, Target, Transport } from '../../core/connection.js'
import { TkplayError } from '../../core/failure.js'
import { groupedBy } from '../../core/grouped.js'
import type { Facts, Read, RunAs } from '../../core/module.js'
import type { Locks } from '../schedule/locks.js'
import type { Epochs } from './epochs.js'
import { KeptConnection } from './kept-connection.js'
import { machineIdOf } from './machine-identity.js'
import { type Count, type Observation, Observations, type PlannedRead, readerOf, timeoutOf } from './observations.js'

/** A machine that executes: its connection, its observations, and one apply at a time. */
export class Machine {
  #facts: Facts | undefined
  /** Whether a change was made over this connection: then a lost connection is not opened again silently. */
  #touched = false
  #id: string | undefined
  readonly #connection: KeptConnection
  readonly #observations = new Observations()
  /**
   * The last answer to each read, kept while the step that asked for it is running, also after newer answers replaced
   * it.
   */
  readonly #seen = new WeakMap<PlannedRead, Observation>()
  /** The changes under other names that were taken into account. */
  #others = 0

  constructor(
    readonly name: string,
    readonly target: () => Target,
    readonly transport: Transport,
    readonly epochs: Epochs,
    readonly locks: Locks,
    connected: (ms: number) => void,
  ) {
    const connect = async (): Promise<Connection> => {
      const at = this.target()
      this.#identify(at)
      return this.transport.connect(at)
    }
    this.#connection = new KeptConnection(name, connect, connected)
  }

  /** The facts for modules. `meta: clear_facts` clears only the variables. */
  get facts(): Facts | undefined {
    return this.#facts
  }

  learnFacts(facts: Facts): void {
    this.#facts = facts
  }

  /** Round trips so far, over all connections. */
  get roundTrips(): number {
    return this.#connection.roundTrips
  }

  /**
   * The id is equal for all names of one machine. While the connection variables of a host cannot be evaluated (all its
   * tasks are delegated), its name is its id.
   */
  get id(): string {
    if (this.#id !== undefined) return this.#id
    try {
      return this.#identify(this.target())
    } catch {
      return this.name
    }
  }

  /** Whether this is the machine that tkplay runs on. */
  get isHere(): boolean {
    return this.target().kind === 'local'
  }

  get isConnected(): boolean {
    return this.#connection.isOpen
  }

  /** Runs one batch as a user: one round trip. @throws Unreachable */
  async run(as: RunAs, jobs: readonly Job[], options: BatchOptions = {}): Promise<readonly Answer[]> {
    return this.#connection.use(async connection => (await connection.channel(as)).run(jobs, options))
  }

  /** From now on new groups and environment of users take effect. */
  reopen(): void {
    this.#connection.reopen()
  }

  /** Whether the last answer to a read is fresh. */
  isFresh(planned: PlannedRead): boolean {
    const seen = this.#fresh(planned)
    if (seen !== undefined) this.#seen.set(planned, seen)
    return seen !== undefined
  }

  /**
   * The last answer to a read. It was fresh when it was requested; another host may have changed the cluster meanwhile.
   * Callers for whom that matters check `isFresh` again.
   */
  answer(planned: PlannedRead): Promise<Answer> | undefined {
    return (this.#observations.last(planned) ?? this.#seen.get(planned))?.answer
  }

  /**
   * Sends the reads that are not fresh: one round trip for each user. Failures are stored like answers.
   * @param signal ends the reads; only for reads that may take long
   */
  async observe(reads: readonly PlannedRead[], signal?: AbortSignal): Promise<void> {
    const stale = distinct(reads.filter(read => !this.isFresh(read)))
    const observing = stale.length === 0 ? undefined : this.#observe(stale, signal)
    for (const read of reads) this.#hold(read)
    await observing
    await Promise.allSettled(reads.map(one => this.answer(one)))
  }

  /** Runs work that may change the host. All earlier observations are stale afterwards. */
  async changing<T>(work: () => Promise<T>): Promise<T> {
    this.#touched = true
    this.epochs.raiseHost(this.name)
    try {
      return await work()
    } finally {
      this.outdate()
    }
  }

  /** Marks all observations as stale. */
  outdate(): void {
    this.epochs.raiseHost(this.name)
    this.epochs.raiseMachine(this.id, this.name)
  }

  /**
   * Takes changes under other names into account. They do not count at once, since each change would make all names
   * read again.
   */
  catchUp(): void {
    // Before the first observation nothing is stale, and the variables for the id may still be missing.
    if (!this.#observations.isEmpty) this.#countOthers()
  }

  /** Whether the machine has other names in the inventory. */
  get isShared(): boolean {
    return this.epochs.isShared(this.id, this.name)
  }

  /**
   * Runs an apply while no other apply runs on the host. An apply of a state module (`states`) depends on what it read,
   * so it excludes applies under all names of the machine. Commands under several names run at the same time (a hundred
   * names for localhost).
   */
  applying<T>(states: boolean, work: () => Promise<T>): Promise<T> {
    const alone = states ? () => this.locks.of(`machine ${this.id}`).runExclusive(work) : work
    return this.locks.of(`host ${this.name}`).runExclusive(alone)
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  /** Closes the connection unless a batch is at work. Observations stay fresh; the next use connects again. */
  rest(): void {
    this.#connection.rest()
  }

  /** Drops the connection (after a reboot, or when it was lost); the next use connects again. */
  async drop(): Promise<void> {
    this.outdate()
    await this.#connection.drop()
  }

  #countOthers(): void {
    this.#others = this.epochs.others(this.id, this.name)
  }

  #identify(target: Target): string {
    const id = machineIdOf(target)
    if (id !== this.#id) this.epochs.addName(id, this.name)
    this.#id = id
    return id
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

  /** The promised answer of each read. */
  async #send(
    reads: readonly PlannedRead[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<PlannedRead, Promise<Answer>>> {
    const byUser = async (connection: Connection) => groupedBy(reads, ({ as }) => connection.userOf(as))
    const groups = await this.#again(reads, () => this.#connection.use(byUser))
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

  /** Tries again once if the connection was lost: repeating reads does no harm, as long as nothing was applied. */
  async #again<T>(reads: readonly PlannedRead[], work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (this.#touched || !isLost(error)) throw error
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

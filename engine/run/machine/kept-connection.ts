import type { Connection } from '../../core/connection.js'
import { Unreachable } from '../../core/failure.js'

/** One machine's connection: opened when it is first used, and again after it was closed. */
export class KeptConnection {
  #connection: Promise<Connection> | undefined
  #open: Connection | undefined
  #tripsBefore = 0
  /** How often the connection was dropped, so that a connection that was being opened meanwhile is not used. */
  #dropped = 0
  /** The number of uses at work. */
  #using = 0
  /** Resolves when connections that were closed without waiting are closed. */
  #resting: Promise<unknown> = Promise.resolve()

  /**
   * @param host its name, for failures
   * @param connect opens a connection. @throws Unreachable
   * @param connected is told the ms that opening took
   */
  constructor(
    readonly host: string,
    readonly connect: () => Promise<Connection>,
    readonly connected: (ms: number) => void,
  ) {}

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** Round trips so far, over all connections. */
  get roundTrips(): number {
    return this.#tripsBefore + (this.#open?.roundTrips ?? 0)
  }

  /** @throws Unreachable */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#using++
    try {
      this.#connection ??= this.#openConnection()
      return await work(await this.#connection)
    } finally {
      this.#using--
    }
  }

  /** From now on new groups and environment of users take effect. */
  reopen(): void {
    this.#open?.reopen()
  }

  /** Closes the connection unless somebody uses it; the next use connects again. */
  rest(): void {
    if (this.#using === 0) this.#resting = Promise.all([this.#resting, this.drop()])
  }

  /** Closes the connection; the next use connects again. */
  async drop(): Promise<void> {
    const open = this.#open
    this.#dropped++
    this.#tripsBefore = this.roundTrips
    this.#open = undefined
    this.#connection = undefined
    await open?.close().catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#resting
    await this.#open?.close()
  }

  async #openConnection(): Promise<Connection> {
    const from = performance.now()
    const dropped = this.#dropped
    let open: Connection
    try {
      open = await this.connect()
    } catch (error) {
      if (dropped === this.#dropped) this.#connection = undefined
      throw error
    }
    if (dropped !== this.#dropped) {
      await open.close().catch(() => undefined)
      throw new Unreachable('lost', `the connection to ${this.host} was dropped before it was open`, 'run again')
    }
    this.#open = open
    this.connected(performance.now() - from)
    return open
  }
}

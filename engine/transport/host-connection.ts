import { randomBytes } from 'node:crypto'
import type { Channel, Connection, Target } from '../core/connection.js'
import type { RunAs } from '../core/module.js'
import { type Becoming, becomeCommand, becomeReady, becoming } from './become.js'
import { lostConnection, ShellChannel, type ShellStreams } from './shell-channel.js'

export interface ShellHost {
  readonly target: Target
  /** user@address:port */
  readonly label: string
  readonly loginUser: string
  /** Runs a command that starts a shell. @throws Unreachable */
  open(command: string): Promise<ShellStreams>
  close(): Promise<void>
}

/** The channels of a host: one for each user, opened on first use. */
export class HostConnection implements Connection {
  readonly #host: ShellHost
  readonly #channels = new Map<string, Promise<ShellChannel>>()
  #roundTrips = 0
  #ended: string | undefined

  constructor(host: ShellHost) {
    this.#host = host
  }

  get target(): string {
    return this.#host.label
  }

  get roundTrips(): number {
    return this.#roundTrips
  }

  channel(as: RunAs): Promise<Channel> {
    if (this.#ended !== undefined) return Promise.reject(lostConnection(this.target, this.#ended))
    const key = this.userOf(as)
    const known = this.#channels.get(key)
    if (known !== undefined) return known
    const opening = this.#open(as, () => this.#forget(key, opening))
    this.#channels.set(key, opening)
    opening.catch(() => this.#forget(key, opening))
    return opening
  }

  userOf(as: RunAs): string {
    return JSON.stringify(becoming(as, this.#host.target, this.#host.loginUser) ?? null)
  }

  reopen(): void {
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    for (const opening of channels)
      opening.then(
        channel => channel.retire(),
        () => {},
      )
  }

  /** Records that the connection is lost; from now on `channel` rejects with this reason. */
  lost(reason: string): void {
    this.#ended ??= reason
  }

  async close(): Promise<void> {
    this.lost('it was closed')
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    // The login is closed first, so that its channels need not be closed on the host one by one.
    const closed = this.#host.close()
    for (const opening of channels)
      opening.then(
        channel => channel.close(),
        () => {},
      )
    await closed
  }

  /** Removes a channel, unless a newer one has replaced it. */
  #forget(key: string, opening: Promise<ShellChannel>): void {
    if (this.#channels.get(key) === opening) this.#channels.delete(key)
  }

  async #open(as: RunAs, onClosed: () => void): Promise<ShellChannel> {
    const { target, loginUser, label } = this.#host
    const to = becoming(as, target, loginUser)
    const streams = to === undefined ? await this.#host.open('exec /bin/sh -s') : await this.#openAs(to)
    return new ShellChannel(streams, {
      target: label,
      onBatch: () => {
        this.#roundTrips += 1
      },
      onClosed,
      // A shell of another user has already answered in becomeReady. On a slow machine a shell may take longer to start
      // than a login.
      ...(to === undefined ? { patience: 3 * target.connectTimeout } : {}),
      ...(target.environment === undefined ? {} : { environment: target.environment }),
    })
  }

  /** @throws Unreachable where the shell of the other user does not start */
  async #openAs(to: Becoming): Promise<ShellStreams> {
    const { target, label } = this.#host
    const [nonce, ready] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
    const streams = await this.#host.open(becomeCommand(to, nonce, ready))
    const { becomePassword: password, name, connectTimeout: timeout } = target
    await becomeReady(streams, { to, nonce, ready, password, target: label, name, timeout })
    return streams
  }
}

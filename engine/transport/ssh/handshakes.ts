import { TkplayError } from '../../core/failure.js'
import { sleep } from '../../core/timer.js'
import type { Hop } from '../ssh-config/hop.js'

/**
 * Logins at a time to one address. By default sshd drops connections at random when ten wait for their login
 * (MaxStartups 10:30:100), and other clients may log in too.
 */
const atOnce = 6

/** ms after which a login to a host that does not answer gives up its slot. */
const silence = 1000

/** ms after which a login that is connected but not done gives up its slot. */
const slowness = 3000

/** Limits the number of logins at a time to one address. */
export class Handshakes {
  readonly #waiting = new Map<string, (() => void)[]>()
  readonly #active = new Map<string, number>()

  /** Waits for a slot. @returns the slot; the caller must leave it. @throws TkplayError 'interrupted' */
  async enter(hop: Hop, signal: AbortSignal | undefined): Promise<HandshakeSlot> {
    const key = addressKey(hop)
    if ((this.#active.get(key) ?? 0) >= atOnce) await this.#turn(key, signal)
    else this.#active.set(key, (this.#active.get(key) ?? 0) + 1)
    return new HandshakeSlot(() => this.#leave(key))
  }

  #turn(key: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(key) ?? []
      this.#waiting.set(key, queue)
      const go = (): void => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      const stop = (): void => {
        queue.splice(queue.indexOf(go), 1)
        reject(new TkplayError({ kind: 'interrupted' }))
      }
      if (signal?.aborted === true) return reject(new TkplayError({ kind: 'interrupted' }))
      signal?.addEventListener('abort', stop, { once: true })
      queue.push(go)
    })
  }

  /** Hands the slot to the next login in the queue. */
  #leave(key: string): void {
    const next = this.#waiting.get(key)?.shift()
    if (next !== undefined) return next()
    const left = (this.#active.get(key) ?? 1) - 1
    if (left > 0) this.#active.set(key, left)
    else this.#active.delete(key)
  }
}

export class HandshakeSlot {
  readonly #leave: () => void
  #timer: NodeJS.Timeout
  #left = false

  constructor(leave: () => void) {
    this.#leave = leave
    this.#timer = setTimeout(() => this.leave(), silence)
  }

  /** The host has answered: the slot is kept for `slowness` ms more. */
  answered(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.leave(), slowness)
  }

  leave(): void {
    clearTimeout(this.#timer)
    if (!this.#left) this.#leave()
    this.#left = true
  }
}

/**
 * The key by which logins are counted. Behind different jump hosts the same address may be different machines. Hosts
 * with the same ProxyCommand count together, since the command mostly leads through one machine.
 */
const addressKey = (hop: Hop): string =>
  hop.proxy === undefined
    ? JSON.stringify([hop.host, hop.port, hop.via === undefined ? null : addressKey(hop.via)])
    : hop.proxy

/** ms, randomized, so that logins that were dropped together do not try again at the same time. */
const pauses = [200, 400, 800, 1600, 3200]

/** Waits before the next attempt; false after the last one. @throws TkplayError 'interrupted' */
export const pauseBefore = async (attempt: number, signal: AbortSignal | undefined): Promise<boolean> => {
  const pause = pauses[attempt - 1]
  if (pause === undefined) return false
  const ms = pause * (1 + Math.random())
  await sleep(ms, signal)
  if (signal?.aborted === true) throw new TkplayError({ kind: 'interrupted' })
  return true
}

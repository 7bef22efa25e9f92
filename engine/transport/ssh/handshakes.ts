import { TkplayError } from '../../core/failure.js'
import { sleep } from '../../core/timer.js'
import type { Hop } from '../ssh-config/hop.js'

/** An sshd drops connections at random while ten wait for their login (MaxStartups 10:30:100), and others may log in too. */
const atOnce = 6

/** ms; one whose host does not even answer holds up others of that address no longer, */
const silence = 1000

/** and one that is connected and gets no further, no longer than this. */
const slowness = 3000

/** How many logins are under way at one address: the others wait for their turn. */
export class Handshakes {
  readonly #waiting = new Map<string, (() => void)[]>()
  readonly #active = new Map<string, number>()

  /** @returns the slot, which passes to the next login when it is left. @throws interrupted */
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

  /** Passes the slot on. */
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

  /** The host has answered: the login counts there until it is through. */
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

/** Behind another host on the way, an address may be another machine. All that one ProxyCommand does goes through one machine, mostly. */
const addressKey = (hop: Hop): string =>
  hop.proxy === undefined
    ? JSON.stringify([hop.host, hop.port, hop.via === undefined ? null : addressKey(hop.via)])
    : hop.proxy

/** ms; longer each time, and never twice the same, so that those who were dropped together do not come again together. */
const pauses = [200, 400, 800, 1600, 3200]

/** Waits before another try; false when there were enough. @throws interrupted */
export const pauseBefore = async (attempt: number, signal: AbortSignal | undefined): Promise<boolean> => {
  const pause = pauses[attempt - 1]
  if (pause === undefined) return false
  const ms = pause * (1 + Math.random())
  await sleep(ms, signal)
  if (signal?.aborted === true) throw new TkplayError({ kind: 'interrupted' })
  return true
}

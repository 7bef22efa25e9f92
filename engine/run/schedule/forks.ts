import { Semaphore } from 'async-mutex'

/**
 * `forks`: limits the hosts at work. A host gives its slot back while it waits for others; otherwise all slots could be
 * held by waiting hosts.
 */
export class Slots {
  readonly #free: Semaphore
  #waiting = 0

  constructor(forks: number) {
    this.#free = new Semaphore(forks)
  }

  /** Whether hosts are waiting for a slot. */
  get wanted(): boolean {
    return this.#waiting > 0
  }

  /** Waits for a slot. Resolves to the function that gives it back. */
  async take(): Promise<() => void> {
    const waits = this.#free.isLocked() ? 1 : 0
    this.#waiting += waits
    const [, release] = await this.#free.acquire()
    this.#waiting -= waits
    return release
  }
}

/** The slot of one host. */
export class Slot {
  #release: (() => void) | undefined
  constructor(readonly slots: Slots) {}

  async take(): Promise<void> {
    this.#release ??= await this.slots.take()
  }

  give(): void {
    this.#release?.()
    this.#release = undefined
  }

  /** Whether other hosts are waiting for a slot. */
  get wanted(): boolean {
    return this.slots.wanted
  }

  /** Gives the slot back while a promise is pending, then takes one again. */
  async releaseWhile<T>(wait: Promise<T>): Promise<T> {
    this.give()
    try {
      return await wait
    } finally {
      await this.take()
    }
  }
}

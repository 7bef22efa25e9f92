import { Semaphore } from 'async-mutex'

/** `forks`: how many hosts may be at work. A host gives its slot back while it waits for others, or none would go on. */
export class Slots {
  readonly #free: Semaphore
  #waiting = 0

  constructor(forks: number) {
    this.#free = new Semaphore(forks)
  }

  /** Whether hosts wait for a slot. */
  get wanted(): boolean {
    return this.#waiting > 0
  }

  /** Resolves to the function that gives the slot back. */
  async take(): Promise<() => void> {
    const waits = this.#free.isLocked() ? 1 : 0
    this.#waiting += waits
    const [, release] = await this.#free.acquire()
    this.#waiting -= waits
    return release
  }
}

/** A host's hold on its slot. */
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

  /** Whether others wait for one. */
  get wanted(): boolean {
    return this.slots.wanted
  }

  /** Waits for others without holding a slot. */
  async releaseWhile<T>(wait: Promise<T>): Promise<T> {
    this.give()
    try {
      return await wait
    } finally {
      await this.take()
    }
  }
}

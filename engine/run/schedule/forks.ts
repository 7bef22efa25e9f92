import pLimit from 'p-limit'

/** `forks`: how many hosts may be at work. A host gives its slot back while it waits for others, or none would go on. */
export class Slots {
  readonly #limit
  constructor(forks: number) {
    this.#limit = pLimit(forks)
  }

  /** Whether hosts wait for a slot. */
  get wanted(): boolean {
    return this.#limit.pendingCount > 0
  }

  /** Resolves to the function that gives the slot back. */
  take(): Promise<() => void> {
    return new Promise(taken => {
      void this.#limit(() => new Promise<void>(release => taken(release)))
    })
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

/** One at a time. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

/** A lock for each name: of hosts, and of places. */
export class Locks {
  readonly #locks = new Map<string, Lock>()

  of(name: string): Lock {
    const known = this.#locks.get(name) ?? new Lock()
    this.#locks.set(name, known)
    return known
  }
}

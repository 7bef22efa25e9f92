import { Mutex } from 'async-mutex'

/** Locks by name, for hosts and machines. */
export class Locks {
  readonly #locks = new Map<string, Mutex>()

  of(name: string): Mutex {
    const known = this.#locks.get(name) ?? new Mutex()
    this.#locks.set(name, known)
    return known
  }
}

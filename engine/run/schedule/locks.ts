import { Mutex } from 'async-mutex'

/** A lock for each name: of hosts, and of machines. */
export class Locks {
  readonly #locks = new Map<string, Mutex>()

  of(name: string): Mutex {
    const known = this.#locks.get(name) ?? new Mutex()
    this.#locks.set(name, known)
    return known
  }
}

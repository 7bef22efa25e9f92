import { comparePaths, type Path, theEnd } from '../timeline/path.js'

interface Waiter {
  readonly ready: () => boolean
  readonly go: () => void
}

/**
 * Keeps effects in order. Every host reports its position; an apply at path P waits until no live host is before P.
 * Reads do not wait.
 *
 * There is no deadlock: the host that is furthest behind can always go on. Whatever a host waits for (its turn, the
 * others of a `run_once`, a slot of `throttle`), it waits only for hosts before it, or for hosts at its own step that
 * themselves wait for hosts before them at most. While it waits, it holds no slot of `forks` and no lock of a machine;
 * a host that holds one does not wait for the progress of other hosts.
 */
export class EffectOrder {
  readonly #positions = new Map<string, Path>()
  #waiters: Waiter[] = []
  #lowest: Path | undefined

  /**
   * @param starts the start of each host's timeline, so that a host that has not started delays only the steps after
   *   its start
   */
  constructor(starts: ReadonlyMap<string, Path>) {
    for (const [host, path] of starts) this.#positions.set(host, path)
  }

  /** The host has reached this path: it has finished all steps before it. */
  moveTo(host: string, path: Path): void {
    const before = this.position(host)
    this.#positions.set(host, path)
    // If the host was not the furthest behind, the lowest position stays the same.
    if (this.#lowest !== undefined && comparePaths(before, this.#lowest) > 0 && comparePaths(path, this.#lowest) >= 0) {
      return this.recheck()
    }
    this.#lowest = undefined
    this.recheck()
  }

  /** The host is finished, failed or lost: nobody waits for it any more. */
  leave(host: string): void {
    this.moveTo(host, theEnd)
  }

  position(host: string): Path {
    return this.#positions.get(host) ?? theEnd
  }

  /** Resolves when every live host is at `path` or after it. */
  waitForTurn(path: Path): Promise<void> {
    return this.until(() => comparePaths(this.#low(), path) >= 0)
  }

  isTurn(path: Path): boolean {
    return comparePaths(this.#low(), path) >= 0
  }

  /** Resolves when the predicate is true. It is evaluated again whenever a host moves, and by `recheck`. */
  until(ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve()
    return new Promise(go => this.#waiters.push({ ready, go }))
  }

  /** Evaluates waiting predicates again, after a change of something that they depend on. */
  recheck(): void {
    if (this.#waiters.length === 0) return
    const waiting = this.#waiters
    this.#waiters = []
    for (const waiter of waiting) {
      if (waiter.ready()) waiter.go()
      else this.#waiters.push(waiter)
    }
  }

  #low(): Path {
    if (this.#lowest === undefined) {
      let lowest: Path = theEnd
      for (const path of this.#positions.values()) if (comparePaths(path, lowest) < 0) lowest = path
      this.#lowest = lowest
    }
    return this.#lowest
  }
}

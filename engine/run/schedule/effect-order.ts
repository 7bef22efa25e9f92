import { comparePaths, type Path, theEnd } from '../timeline/path.js'

interface Waiter {
  readonly ready: () => boolean
  readonly go: () => void
}

/**
 * The order of effects. Every host says where it stands; an apply at P waits until no live host stands before P.
 * Reads never pass here. The host that stands furthest back can always go on, so nothing can lock up: whatever a host waits for (a
 * turn, the others of a `run_once`, a slot of `throttle`), it waits only for hosts before it, or for those at its own step, which wait
 * for hosts before them at most. Meanwhile it holds no slot of `forks` and no machine's lock; who holds one waits for no host's progress.
 */
export class EffectOrder {
  readonly #positions = new Map<string, Path>()
  #waiters: Waiter[] = []
  #lowest: Path | undefined

  /** @param starts where each host's timeline begins, so that a host that has not started holds back only what comes after. */
  constructor(starts: ReadonlyMap<string, Path>) {
    for (const [host, path] of starts) this.#positions.set(host, path)
  }

  /** The host has come to this path: all before it is finished there. */
  moveTo(host: string, path: Path): void {
    const before = this.position(host)
    this.#positions.set(host, path)
    // Who was not the last leaves the last where it is.
    if (this.#lowest !== undefined && comparePaths(before, this.#lowest) > 0 && comparePaths(path, this.#lowest) >= 0) {
      return this.recheck()
    }
    this.#lowest = undefined
    this.recheck()
  }

  /** The host takes no further part: finished, failed, or lost. */
  leave(host: string): void {
    this.moveTo(host, theEnd)
  }

  position(host: string): Path {
    return this.#positions.get(host) ?? theEnd
  }

  /** Resolves when every live host stands at `path` or after it. */
  waitForTurn(path: Path): Promise<void> {
    return this.until(() => comparePaths(this.#low(), path) >= 0)
  }

  isTurn(path: Path): boolean {
    return comparePaths(this.#low(), path) >= 0
  }

  /** Resolves when the predicate holds; it is asked again whenever a host moves or someone asks for it. */
  until(ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve()
    return new Promise(go => this.#waiters.push({ ready, go }))
  }

  /** Something that predicates look at has changed. */
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

import { comparePaths, type Path, theEnd } from '../timeline/path.js'

/** any_errors_fatal, max_fail_percentage, or nobody left: no batch, and no play, that comes after this one is begun. */
export class LastBatch {
  #path: Path = theEnd

  /** @param path of the batch */
  set(path: Path): void {
    if (comparePaths(path, this.#path) < 0) this.#path = path
  }

  /** Whether the batch is not to be begun. */
  isPast(path: Path): boolean {
    return comparePaths(path, this.#path) > 0
  }

  /** Whether this very batch, or one before it, is the last one. */
  isAtOrPast(path: Path): boolean {
    return comparePaths(path, this.#path) >= 0
  }
}

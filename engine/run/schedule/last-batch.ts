import { comparePaths, type Path, theEnd } from '../timeline/path.js'

/**
 * The last batch of the run that may begin: later batches and plays do not start after any_errors_fatal,
 * max_fail_percentage, or when no host is left.
 */
export class LastBatch {
  #path: Path = theEnd

  /** @param path the path of the batch */
  set(path: Path): void {
    if (comparePaths(path, this.#path) < 0) this.#path = path
  }

  /** Whether the batch must not begin. */
  isPast(path: Path): boolean {
    return comparePaths(path, this.#path) > 0
  }

  /** Whether this batch, or one before it, is the last one. */
  isAtOrPast(path: Path): boolean {
    return comparePaths(path, this.#path) >= 0
  }
}

import { hash } from 'node:crypto'

/** A cache for costly pure filters. Its keys are digests, so that it keeps no secret. At the limit the oldest result is dropped. */
export class Memo<T> {
  readonly #known = new Map<string, T>()

  constructor(readonly limit: number) {}

  of(input: readonly (string | number)[], make: () => T): T {
    const key = hash('sha256', JSON.stringify(input))
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    if (this.#known.size >= this.limit)
      for (const oldest of [...this.#known.keys()].slice(0, 1)) this.#known.delete(oldest)
    this.#known.set(key, made)
    return made
  }
}

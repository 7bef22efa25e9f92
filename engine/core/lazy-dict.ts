import { ExpressionError } from './expr.js'
import type { Key, Value } from './value.js'

/**
 * A dict that makes a member when it is first read, and then keeps it: `hostvars`, a host's variables, the members of a variable.
 * `has` and `keys` make no member, since making one may fail (undefined, or defined by itself).
 */
export class LazyDict extends Map<Key, Value> {
  readonly #made = new Map<Key, Value>()
  readonly #busy = new Set<Key>()

  constructor(
    readonly known: () => Iterable<Key>,
    readonly make: (key: Key) => Value | undefined,
  ) {
    super()
  }

  override get(key: Key): Value | undefined {
    const made = this.#made.get(key)
    if (made !== undefined) return made
    if (this.#busy.has(key)) {
      throw new ExpressionError(`the value of '${key}' is defined by itself`, undefined, undefined, 'recursion')
    }
    this.#busy.add(key)
    try {
      const value = this.make(key)
      if (value !== undefined) this.#made.set(key, value)
      return value
    } finally {
      this.#busy.delete(key)
    }
  }

  override has(key: Key): boolean {
    for (const one of this.known()) if (one === key) return true
    return false
  }

  override get size(): number {
    return [...this.keys()].length
  }

  override *keys(): MapIterator<Key> {
    yield* new Set(this.known())
  }

  override *entries(): MapIterator<[Key, Value]> {
    for (const key of this.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value
  }

  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }

  override forEach(callback: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }
}

import { ExactNumber, type Json } from './json.js'

/**
 * What variables and expressions hold. Python's types, because playbooks lean on them:
 * an int is an integral `number` (or a `bigint` past 2^53), a float with a fraction is a `number`, and a float
 * without one (`4/2`, YAML's `2.0`) is a `Float`, since JavaScript cannot tell it from an int.
 * A dict is a Map: it keeps its order (objects sort "10" before "9"), may have keys that are not strings,
 * and has no prototype to reach.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Bytes
  | Unknown
  | Secret<Value>
  | Unsafe
  | Callable
  | readonly Value[]
  | Dict

export type Key = string | number | bigint | boolean | null
export type Dict = ReadonlyMap<Key, Value>

/** A Python float with an integral value: prints `2.0`. */
export class Float {
  constructor(readonly value: number) {}
}

/**
 * A dict of which only some keys are known: what a step that would change registers in a dry run.
 * A key that is not in it is `rest`, not undefined, save those that it is known not to have.
 */
export class PartDict extends Map<Key, Value> {
  constructor(
    known: Iterable<readonly [Key, Value]>,
    readonly rest: Unknown,
    readonly absent: readonly Key[] = [],
  ) {
    super(known)
  }

  /** What stands for a key that is not in it; undefined where it certainly has none. */
  restAt(key: Key): Perhaps | undefined {
    return this.absent.includes(key) ? undefined : new Perhaps(this.rest.waitsFor)
  }

  with(fields: Iterable<readonly [Key, Value]>): PartDict {
    return new PartDict([...this, ...fields], this.rest, this.absent)
  }
}

/** Bytes as a host or a file gave them (`!!binary`, slurp). */
export class Bytes {
  constructor(readonly bytes: Uint8Array) {}
}

/** Not known yet in this dry run or read-ahead. Spreads through operators, filters and loops. */
export class Unknown {
  /** @param waitsFor what must happen before it is known, as a phrase: «task 'make token' to run on node1» */
  constructor(readonly waitsFor: string) {}
}

/** An unknown that may not even be there: `is defined` is not known of it either. */
export class Perhaps extends Unknown {}

/** A value that must not be printed. Spreads through templates: a string with a secret inside is a secret. */
export class Secret<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  /** The value itself, for the one who sends it to a host. */
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '***'
  }
  toJSON(): string {
    return '***'
  }
}

/** A string that is never a template: `!unsafe`, and strings inside data that came from a host. */
export class Unsafe {
  constructor(readonly text: string) {}
}

/** A function that templates can call: `lookup`, `range`, a macro, a method on the allow-list. */
export class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value>, meter: Meter) => Value,
  ) {}
}

/** Counts what walks through values, and what is made of them, and ends who goes too far. */
export interface Meter {
  visit(members: number): void
  /** Bytes that are about to be made. */
  grow(bytes: number): void
}

export const isDict = (value: unknown): value is Dict => value instanceof Map

/** A Python float from a JavaScript number. */
export const float = (value: number): number | Float => (Number.isInteger(value) ? new Float(value) : value)

/** A Python int from a bigint: a number where that is exact. */
export const int = (value: bigint): number | bigint => {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/** JSON as a template value: objects become dicts. The strings inside are data, so nothing here is ever rendered again. */
export const fromJson = (json: Json): Value => {
  if (Array.isArray(json)) return json.map(fromJson)
  if (json instanceof ExactNumber) return /^-?\d+$/.test(json.text) ? int(BigInt(json.text)) : float(Number(json.text))
  if (typeof json === 'object' && json !== null) {
    return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
  }
  return json as Value
}

/** The first unknown inside a value, however deep, or undefined where all is known. */
export const findUnknown = (value: Value): Unknown | undefined => {
  if (value instanceof Unknown) return value
  if (value instanceof PartDict) return value.rest
  if (value instanceof Secret) return findUnknown(value.reveal())
  const inside: Iterable<Value> = Array.isArray(value) ? value : isDict(value) ? value.values() : []
  for (const one of inside) {
    const found = findUnknown(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a secret stands anywhere inside. */
export const hasSecret = (value: Value): boolean => {
  if (value instanceof Secret) return true
  const inside: Iterable<Value> = Array.isArray(value) ? value : isDict(value) ? value.values() : []
  for (const one of inside) if (hasSecret(one)) return true
  return false
}

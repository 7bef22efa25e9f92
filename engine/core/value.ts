import { ExactNumber, type Json } from './json.js'

/**
 * The values of variables and expressions. They follow Python's types, because playbooks depend on them:
 * an int is an integral `number` (a `bigint` beyond 2^53), a float with a fraction is a `number`, and a float
 * without one (`4/2`, YAML's `2.0`) is a `Float`, since JavaScript cannot tell it from an int.
 * A dict is a Map, which keeps the order of its keys (an object would move keys that look like integers to the front), has
 * keys that are not strings, and has no prototype that a template could reach.
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

/** A Python float with an integral value, printed as `2.0`. */
export class Float {
  constructor(readonly value: number) {}
}

/**
 * A dict of which only some keys are known, such as the registered result of a step that would change in a dry run.
 * Any other key is unknown (`rest`), except the keys in `absent`, which the dict is known not to have.
 */
export class PartDict extends Map<Key, Value> {
  constructor(
    known: Iterable<readonly [Key, Value]>,
    readonly rest: Unknown,
    readonly absent: readonly Key[] = [],
  ) {
    super(known)
  }

  /** The value for a key that is not in the map; undefined where the key is known to be absent. */
  restAt(key: Key): Perhaps | undefined {
    return this.absent.includes(key) ? undefined : new Perhaps(this.rest.waitsFor)
  }

  with(fields: Iterable<readonly [Key, Value]>): PartDict {
    return new PartDict([...this, ...fields], this.rest, this.absent)
  }
}

/** Bytes of a host or a file (`!!binary`, `slurp`). */
export class Bytes {
  constructor(readonly bytes: Uint8Array) {}
}

/** A value that is not known yet, in a dry run or ahead of a step's turn. What is computed from it is unknown too. */
export class Unknown {
  /** @param waitsFor what must happen before the value is known, as a phrase: «task 'make token' to run on node1» */
  constructor(readonly waitsFor: string) {}
}

/** An unknown of which not even `is defined` is known. */
export class Perhaps extends Unknown {}

/** A value that must not be printed. A string that a template makes from a secret is a secret too. */
export class Secret<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  /** The value itself, to send it to a host. */
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

/** A string that is not a template: `!unsafe`, and strings in data from a host. */
export class Unsafe {
  constructor(readonly text: string) {}
}

/** A function that templates can call: `lookup`, `range`, a macro, an allowed method. */
export class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value>, meter: Meter) => Value,
  ) {}
}

/** The budget of an evaluation. Both methods throw when it is used up. */
export interface Meter {
  /** Counts members that are visited. */
  visit(members: number): void
  /** Counts bytes before they are allocated. */
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

/** JSON as a template value; objects become dicts. */
export const fromJson = (json: Json): Value => {
  if (Array.isArray(json)) return json.map(fromJson)
  if (json instanceof ExactNumber) return /^-?\d+$/.test(json.text) ? int(BigInt(json.text)) : float(Number(json.text))
  if (typeof json === 'object' && json !== null) {
    return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
  }
  return json as Value
}

/** The first unknown inside a value, at any depth; undefined where there is none. */
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

/** Whether a value contains a secret, at any depth. */
export const hasSecret = (value: Value): boolean => {
  if (value instanceof Secret) return true
  const inside: Iterable<Value> = Array.isArray(value) ? value : isDict(value) ? value.values() : []
  for (const one of inside) if (hasSecret(one)) return true
  return false
}

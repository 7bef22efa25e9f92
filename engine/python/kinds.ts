import { ExpressionError } from '../core/expr.js'
import { Callable, Float, type Key, Unknown, Unsafe, type Value } from '../core/value.js'

/** A tuple behaves as a list, prints with parentheses, and leaves a template as a list. */
export class Tuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
  static of2(...items: readonly Value[]): Tuple {
    const tuple = new Tuple()
    for (const item of items) tuple.push(item)
    return tuple
  }
}

/** What groupby gives: a tuple whose parts have names. */
export class GroupTuple extends Tuple {
  static group(grouper: Value, list: readonly Value[]): GroupTuple {
    const tuple = new GroupTuple()
    tuple.push(grouper, list)
    return tuple
  }
}

/**
 * A name or an attribute that is not there. It may be passed around (`default`, `is defined`); any other use throws its error.
 * Never leaves the engine: results are looked through before they are handed out.
 */
export class Undefined {
  /** @param error makes the error that a use throws: near names are only looked for then. */
  constructor(
    readonly error: () => ExpressionError,
    readonly name: string,
    /** A condition without `else` that does not hold: empty text, false, an empty list; an error only as a result. */
    readonly soft = false,
  ) {}
}

/** @throws ExpressionError where it is undefined, and not softly so */
export const rejectUndefined = (value: Value): void => {
  const inner = value as unknown
  if (inner instanceof Undefined && !inner.soft) throw inner.error()
}

/** Of a condition without `else`: whoever catches it has a soft undefined again. */
export class NoElse extends ExpressionError {}

/** What removes the key it stands under. */
class Omit {
  readonly omit = true
}

/** Things that only live inside templates (a loop, a namespace, a point in time); they have attributes and a type's name. */
export abstract class Opaque {
  abstract readonly typeName: string
  abstract attribute(name: string): Value | undefined
  abstract text(): string
}

/** Undefined, Omit and Opaque travel as values inside the engine, and nowhere else. */
export const asValue = (inner: Undefined | Omit | Opaque): Value => inner as unknown as Value

export const omit: Value = asValue(new Omit())

/** Something went wrong in an operation that does not know where it stands; the runtime adds the place. */
export class OperationError extends Error {
  constructor(
    message: string,
    readonly code: ExpressionError['code'] = 'type',
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** Control flow: what decides a statement (`if`, `for`) is not known, so neither is the template's text. */
export class UnknownSignal {
  constructor(readonly unknown: Unknown) {}
}

/** A function that takes undefined, unknown and secret arguments as they are: macros, `dict`, methods of lists. */
export class Lenient extends Callable {}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** An int, also a bool as Python has it. */
export const isInt = (value: Value): value is number | bigint | boolean =>
  typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))

export const isFloat = (value: Value): value is number | Float =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))

export const isNumber = (value: Value): value is number | bigint | boolean | Float =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float

/** What a dict can be asked for. @throws UnknownSignal, OperationError for what Python cannot hash */
export const asKey = (value: Value): Key => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean' || value === null) return value
  if (value instanceof Float) return value.value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Unknown) throw new UnknownSignal(value)
  throw new OperationError(`${aType(value)} cannot be the key of a dict`)
}

/** Python's name for the type, as `type_debug` and messages give it. */
export const typeName = (value: Value): string => {
  if (value === null) return 'NoneType'
  if (typeof value === 'string' || value instanceof Unsafe) return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (isInt(value)) return 'int'
  if (isFloat(value)) return 'float'
  if (value instanceof Tuple) return 'tuple'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'dict'
  const inner = value as unknown
  if (inner instanceof Opaque) return inner.typeName
  if (inner instanceof Undefined) return 'Undefined'
  if (inner instanceof Omit) return 'Omit'
  return value instanceof Unknown ? 'unknown' : ((inner as object).constructor.name.toLowerCase() ?? 'object')
}

/** The type's name for messages: «an int», «a list». */
export const aType = (value: Value): string => {
  const name = typeName(value)
  return `${/^[aeiu]/.test(name) ? 'an' : 'a'} ${name}`
}

import { ExpressionError } from '../core/expr.js'
import { Callable, Float, type Key, Unknown, Unsafe, type Value } from '../core/value.js'

/** A tuple: behaves like a list, is printed in parentheses, and becomes a list outside of templates. */
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

/** A tuple of `groupby`, whose members have names. */
export class GroupTuple extends Tuple {
  static group(grouper: Value, list: readonly Value[]): GroupTuple {
    const tuple = new GroupTuple()
    tuple.push(grouper, list)
    return tuple
  }
}

/**
 * A missing name or attribute. It may be passed to `default` and `is defined`; any other use throws its error. It never
 * leaves the template engine: results are checked before they are returned.
 */
export class Undefined {
  /** @param error makes the error of a use; similar names are looked up only then */
  constructor(
    readonly error: () => ExpressionError,
    readonly name: string,
    /**
     * The value of a false inline condition without `else`: empty text, false, an empty list; an error only as a final
     * result.
     */
    readonly soft = false,
  ) {}
}

/** @throws ExpressionError for an Undefined that is not soft */
export const rejectUndefined = (value: Value): void => {
  const inner = value as unknown
  if (inner instanceof Undefined && !inner.soft) throw inner.error()
}

/** The error of an inline condition without `else`; catching it gives a soft Undefined again. */
export class NoElse extends ExpressionError {}

/** The value `omit`: removes the key that has it. */
class Omit {
  readonly omit = true
}

/** Values that exist inside of templates only (a loop, a namespace, a datetime). */
export abstract class Opaque {
  abstract readonly typeName: string
  abstract attribute(name: string): Value | undefined
  abstract text(): string
}

/** Undefined, Omit and Opaque are passed as values, inside of the template engine only. */
export const asValue = (inner: Undefined | Omit | Opaque): Value => inner as unknown as Value

export const omit: Value = asValue(new Omit())

/** An error in an operation that does not know its source; the runtime adds the source. */
export class OperationError extends Error {
  constructor(
    message: string,
    readonly code: ExpressionError['code'] = 'type',
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** Thrown where the condition of a statement (`if`, `for`) is unknown, so that the whole text is unknown. */
export class UnknownSignal {
  constructor(readonly unknown: Unknown) {}
}

/** A function that accepts undefined, unknown and secret arguments: macros, `dict`, methods of lists. */
export class Lenient extends Callable {}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** An int; as in Python, a bool is one too. */
export const isInt = (value: Value): value is number | bigint | boolean =>
  typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))

export const isFloat = (value: Value): value is number | Float =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))

export const isNumber = (value: Value): value is number | bigint | boolean | Float =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float

/** A value as the key of a dict. @throws UnknownSignal; OperationError for a value that Python cannot hash */
export const asKey = (value: Value): Key => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean' || value === null) return value
  if (value instanceof Float) return value.value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Unknown) throw new UnknownSignal(value)
  throw new OperationError(`${aType(value)} cannot be the key of a dict`)
}

/** Python's name of the type, for `type_debug` and messages. */
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

/** The type with its article, for messages: «an int», «a list». */
export const aType = (value: Value): string => {
  const name = typeName(value)
  return `${/^[aeiu]/.test(name) ? 'an' : 'a'} ${name}`
}

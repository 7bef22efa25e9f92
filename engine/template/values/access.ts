import { didYouMean } from '../../config/did-you-mean.js'
import { ExpressionError } from '../../core/expr.js'
import { Bytes, Callable, type Dict, PartDict, Perhaps, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import { formatBraces } from '../../python/brace-format.js'
import {
  asKey,
  asValue,
  aType,
  GroupTuple,
  isInt,
  isList,
  isNumber,
  NoElse,
  Opaque,
  OperationError,
  rejectUndefined,
  Undefined,
} from '../../python/kinds.js'
import { asSecret } from './arithmetic.js'
import { dictMethods, listMethods, numberMethods } from './methods.js'
import { characters } from './sequence.js'
import { textMethods } from './text-methods.js'

/**
 * `value.name` as Jinja2 looks it up: a method first, then what a dict holds. Only methods in the tables can be reached.
 * `undefined` where there is none.
 */
export const attribute = (value: Value, name: string): Value | undefined => {
  if (value instanceof Map) return dictMethods.bind(value, name) ?? dictItem(value, name)
  if (value instanceof Unknown) return new Perhaps(value.waitsFor)
  if (value instanceof Secret) return inSecret(attribute(value.reveal(), name))
  if (typeof value === 'string') return textAttribute(value, name)
  if (value instanceof Unsafe) return textAttribute(value.text, name)
  if (value instanceof GroupTuple && (name === 'grouper' || name === 'list')) return value[name === 'grouper' ? 0 : 1]
  if (Array.isArray(value)) return listMethods.bind(value, name)
  if (isNumber(value)) return numberMethods.bind(value, name)
  rejectUndefined(value)
  const inner = value as unknown
  if (inner instanceof Opaque) return inner.attribute(name)
  if (value instanceof Bytes && name === 'decode')
    return new Callable('decode', () => Buffer.from(value.bytes).toString('utf8'))
  return undefined
}

/** `format` is not in the table of methods, since what is inside its braces is looked up by `attribute` and `item`. */
const textAttribute = (value: string, name: string): Value | undefined =>
  name === 'format'
    ? new Callable('format', (args, named) => formatBraces(value, args, named, { attribute, item }))
    : textMethods.bind(value, name)

/** `value[key]`: what a container holds, then (for a text key) an attribute. `undefined` where there is none. */
export const item = (value: Value, key: Value): Value | undefined => {
  if (key instanceof Unknown) return new Perhaps(key.waitsFor)
  if (value instanceof Unknown) return new Perhaps(value.waitsFor)
  if (key instanceof Secret) return inSecret(item(value, key.reveal()))
  if (value instanceof Secret) return inSecret(item(value.reveal(), key))
  rejectUndefined(key)
  if (value instanceof Map) {
    const found = dictItem(value, asKey(key))
    if (found !== undefined) return found
  } else if (isInt(key)) {
    if (isList(value)) return value.at(Number(key))
    if (typeof value === 'string') return characters(value).at(Number(key))
    if (value instanceof Unsafe) return characters(value.text).at(Number(key))
  }
  if (typeof key === 'string') return attribute(value, key)
  rejectUndefined(value)
  return undefined
}

/** What was found, or its replacement. Not `??`, which would replace None too. */
export const orElse = (found: Value | undefined, otherwise: () => Value): Value =>
  found === undefined ? otherwise() : found

/** A member whose own template mentions something undefined is an Undefined, so that `default()` replaces it. */
const dictItem = (dict: Dict, key: string | number | bigint | boolean | null): Value | undefined => {
  try {
    const found = dict.get(key)
    if (found === undefined && dict instanceof PartDict) return dict.restAt(key)
    return found instanceof Unsafe ? found.text : found
  } catch (error) {
    return undefinedFrom(error, String(key))
  }
}

/** Turns an error about something undefined into a value that throws that error when it is used. @throws any other error */
export const undefinedFrom = (error: unknown, name: string): Value => {
  if (error instanceof ExpressionError && error.code === 'undefined')
    return asValue(new Undefined(() => error, name, error instanceof NoElse))
  throw error
}

const inSecret = (found: Value | undefined): Value | undefined => {
  if (found === undefined || found instanceof Unknown) return found
  if (!(found instanceof Callable)) return asSecret(found)
  return new Callable(found.name, (args, named, meter) => asSecret(found.call(args, named, meter)))
}

/** The error for an attribute that is missing: names the value that was asked, and the attributes that it has. */
export const noAttribute = (described: string, value: Value, key: Value): OperationError => {
  const name = typeof key === 'string' ? `'${key}'` : String(key)
  if (value instanceof Map) {
    const keys = [...value.keys()].map(String)
    return new OperationError(
      `${described} has no attribute ${name} (${keys.length === 0 ? 'it is empty' : `it has: ${listed(keys)}`})`,
      'undefined',
      typeof key === 'string' ? didYouMean(key, keys) : undefined,
    )
  }
  if (isList(value) && isInt(key))
    return new OperationError(`${described} has no item ${name}: it has ${value.length}`, 'undefined')
  const hint = isList(value) ? 'it is a list: loop over it, or use | map(attribute=…)' : undefined
  return new OperationError(`${described} has no attribute ${name}: it is ${aType(value)}`, 'undefined', hint)
}

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')}, … ${names.length} in all` : names.join(', ')

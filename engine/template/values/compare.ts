import { type Dict, Float, type Meter, PartDict, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import {
  asKey,
  aType,
  isList,
  isNumber,
  Opaque,
  OperationError,
  rejectUndefined,
  Tuple,
  typeName,
  Undefined,
  UnknownSignal,
} from '../../python/kinds.js'
import { text, textOrder, toNumber } from '../../python/text.js'

/** true, false, or not known yet. */
export type Truth = boolean | Unknown

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

/** Python's truth of a value. @throws ExpressionError for an undefined. */
export const truth = (value: Value): Truth => {
  if (typeof value === 'boolean') return value
  if (value === null || value === '' || value === 0 || value === 0n) return false
  if (typeof value !== 'object') return true
  if (value instanceof Unknown) return value
  if (value instanceof Secret) return truth(value.reveal())
  if (value instanceof Unsafe) return value.text !== ''
  if (value instanceof Float) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  rejectUndefined(value)
  return !((value as unknown) instanceof Undefined)
}

/** The truth of a value on which a decision hangs. @throws UnknownSignal where it is unknown */
export const knownTruth = (value: Value): boolean => {
  const decision = truth(value)
  if (decision instanceof Unknown) throw new UnknownSignal(decision)
  return decision
}

export const not = (value: Truth): Truth => (typeof value === 'boolean' ? !value : value)

/** One of Python's comparisons. The result is a plain bool for secrets too: a condition must be true or false. */
export const compare = (op: Comparison, a: Value, b: Value, meter: Meter): Truth => {
  switch (op) {
    case '==':
      return equal(a, b, meter)
    case '!=':
      return not(equal(a, b, meter))
    case 'in':
      return contains(b, a, meter)
    case 'not in':
      return not(contains(b, a, meter))
    default:
      return ordered(op, a, b, meter)
  }
}

/** Python's ==, with unknowns inside: false as soon as something known differs. */
export const equal = (a: Value, b: Value, meter: Meter): Truth => {
  const sameType = typeof a === typeof b
  if (sameType && typeof a !== 'object') return a === b
  if (a instanceof Secret) return equal(a.reveal(), b, meter)
  if (b instanceof Secret) return equal(a, b.reveal(), meter)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a instanceof Unsafe) return equal(a.text, b, meter)
  if (b instanceof Unsafe) return equal(a, b.text, meter)
  rejectUndefined(a)
  rejectUndefined(b)
  if (isNumber(a) && isNumber(b)) return numericOrder(a, b) === 0
  if (isList(a) && isList(b)) return a instanceof Tuple === b instanceof Tuple && allEqual(a, b, meter)
  if (a instanceof Map && b instanceof Map) return dictsEqual(a, b, meter)
  const custom = opaqueOrder(a, b)
  return custom === undefined ? a === b : custom === 0
}

const allEqual = (a: readonly Value[], b: readonly Value[], meter: Meter): Truth => {
  if (a.length !== b.length) return false
  meter.visit(a.length)
  let result: Truth = true
  for (let index = 0; index < a.length; index++) {
    const same = equal(a[index] ?? null, b[index] ?? null, meter)
    if (same === false) return false
    if (same !== true) result = same
  }
  return result
}

/** Dicts that are only partly known may have any other keys, so that a missing key does not make them differ. */
const dictsEqual = (a: Dict, b: Dict, meter: Meter): Truth => {
  if (b instanceof PartDict && !(a instanceof PartDict)) return dictsEqual(b, a, meter)
  const open = a instanceof PartDict ? a.rest : undefined
  if (open === undefined && a.size !== b.size) return false
  meter.visit(a.size)
  let result: Truth = open ?? true
  for (const [key, value] of a) {
    const other = b.get(key)
    if (other === undefined && b instanceof PartDict) continue
    if (other === undefined) return false
    const same = equal(value, other, meter)
    if (same === false) return false
    if (same !== true) result = same
  }
  return result
}

/** `item in container`. */
export const contains = (container: Value, item: Value, meter: Meter): Truth => {
  if (container instanceof Secret) return contains(container.reveal(), item, meter)
  if (item instanceof Secret) return contains(container, item.reveal(), meter)
  if (container instanceof Unknown) return container
  if (container instanceof Unsafe) return contains(container.text, item, meter)
  rejectUndefined(container)
  rejectUndefined(item)
  if (Array.isArray(container)) return listContains(container, item, meter)
  if (item instanceof Unknown) return item
  if (container instanceof Map && item instanceof Tuple) return false
  if (container instanceof Map) {
    const key = asKey(item)
    return container.has(key) || ((container instanceof PartDict && container.restAt(key)) ?? false)
  }
  if (typeof container === 'string') {
    if (typeof item === 'string' || item instanceof Unsafe) return container.includes(text(item))
    throw new OperationError(`'in' looks for text in text, not for ${aType(item)}`, 'type', 'convert it with | string')
  }
  throw new OperationError(`'in' needs a list, a dict or text on its right, not ${aType(container)}`)
}

const listContains = (list: readonly Value[], item: Value, meter: Meter): Truth => {
  meter.visit(list.length)
  let result: Truth = false
  for (const one of list) {
    const same = equal(one, item, meter)
    if (same === true) return true
    if (same !== false) result = same
  }
  return result
}

const ordered = (op: '<' | '<=' | '>' | '>=', a: Value, b: Value, meter: Meter): Truth => {
  const order = orderOf(a, b, meter, op)
  if (typeof order !== 'number') return order
  if (Number.isNaN(order)) return false
  return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0
}

/** Negative if a is before b, positive if after, 0 if neither; NaN for floats without an order. @throws OperationError for such types */
export const orderOf = (a: Value, b: Value, meter: Meter, op = '<'): number | Unknown => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (a instanceof Secret) return orderOf(a.reveal(), b, meter, op)
  if (b instanceof Secret) return orderOf(a, b.reveal(), meter, op)
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  rejectUndefined(a)
  rejectUndefined(b)
  if (isNumber(a) && isNumber(b)) return numericOrder(a, b)
  if ((typeof a === 'string' || a instanceof Unsafe) && (typeof b === 'string' || b instanceof Unsafe))
    return textOrder(text(a), text(b))
  if (isList(a) && isList(b)) return listOrder(a, b, meter, op)
  const custom = opaqueOrder(a, b)
  if (custom !== undefined) return custom
  const hint = isNumber(a) !== isNumber(b) ? 'convert the text with | int or | float' : undefined
  throw new OperationError(`'${op}' does not work between ${typeName(a)} and ${typeName(b)}`, 'type', hint)
}

const numericOrder = (a: Value, b: Value): number => {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const x = typeof a === 'bigint' ? a : toNumber(a)
    const y = typeof b === 'bigint' ? b : toNumber(b)
    return x < y ? -1 : x > y ? 1 : x >= y ? 0 : Number.NaN
  }
  const x = toNumber(a)
  const y = toNumber(b)
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN
}

const listOrder = (a: readonly Value[], b: readonly Value[], meter: Meter, op: string): number | Unknown => {
  const length = Math.min(a.length, b.length)
  meter.visit(length)
  for (let index = 0; index < length; index++) {
    const x = a[index] ?? null
    const y = b[index] ?? null
    const same = equal(x, y, meter)
    if (same instanceof Unknown) return same
    if (!same) return orderOf(x, y, meter, op)
  }
  return a.length - b.length
}

const opaqueOrder = (a: Value, b: Value): number | undefined => {
  const one = a as unknown
  const order = one instanceof Opaque ? (one as { order?: (other: Value) => number | undefined }).order : undefined
  return order?.call(one, b)
}

import { type Dict, Float, PartDict, Unsafe, type Value } from '../../core/value.js'
import { isInt, isList, isNumber, OperationError, typeName, UnknownSignal } from '../../python/kinds.js'
import { parseFloatText, toNumber } from '../../python/text.js'

/*
 * Conversions of the arguments of filters and methods. Each throws an OperationError that names `what` was expected where the value is of
 * another type.
 */

export const asText = (value: Value, what: string): string => {
  if (typeof value === 'string') return value
  if (value instanceof Unsafe) return value.text
  throw new OperationError(`${what} must be text, not ${typeName(value)}`)
}

export const asInt = (value: Value, what: string): number => {
  if (isInt(value)) return Number(value)
  if (value instanceof Float) return value.value
  throw new OperationError(`${what} must be an int, not ${typeName(value)}`)
}

export const asFloat = (value: Value, what: string): number => {
  if (isNumber(value)) return toNumber(value)
  throw new OperationError(`${what} must be a number, not ${typeName(value)}`)
}

export const asDict = (value: Value, what: string): Dict => {
  if (value instanceof PartDict) throw new UnknownSignal(value.rest)
  if (value instanceof Map) return value
  throw new OperationError(`${what} must be a dict, not ${typeName(value)}`)
}

export const asList = (value: Value, what: string): readonly Value[] => {
  if (isList(value)) return value
  throw new OperationError(`${what} must be a list, not ${typeName(value)}`)
}

/** Python's float(value); undefined where it would refuse. */
export const toFloat = (value: Value): number | undefined => {
  if (isNumber(value)) return toNumber(value)
  if (typeof value === 'string') return parseFloatText(value)
  return undefined
}

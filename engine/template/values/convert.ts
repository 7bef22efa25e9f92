import { type Dict, Float, int, PartDict, Unsafe, type Value } from '../../core/value.js'
import { isInt, isList, isNumber, OperationError, typeName, UnknownSignal } from './kinds.js'
import { parseFloatText, toNumber } from './text.js'

/** What filters and methods take: each names what was expected when it gets something else. @throws OperationError */

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

/** As Python's own limit: reading a number takes the square of its digits, and the text may come from a host. */
const mostDigits = 4300

/** Python's int(text, base); undefined where it would refuse. */
export const parseIntText = (written: string, base = 10): number | bigint | undefined => {
  const match = /^([-+]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(written.trim())
  if (match === null) return undefined
  const [, sign, prefix, body = ''] = match
  const implied = prefix === undefined ? undefined : { x: 16, o: 8, b: 2 }[prefix.charAt(1).toLowerCase()]
  const matches = implied !== undefined && (base === implied || base === 0)
  const digits = matches || prefix === undefined ? body : prefix + body
  if (digits.length > mostDigits) return undefined
  const radix = BigInt(matches ? implied : base === 0 ? 10 : base)
  let total = 0n
  for (const char of digits.replaceAll('_', '').toLowerCase()) {
    const digit = Number.parseInt(char, 36)
    if (Number.isNaN(digit) || digit >= radix) return undefined
    total = total * radix + BigInt(digit)
  }
  return int(sign === '-' ? -total : total)
}

/** Python's float(value); undefined where it would refuse. */
export const toFloat = (value: Value): number | undefined => {
  if (isNumber(value)) return toNumber(value)
  if (typeof value === 'string') return parseFloatText(value)
  return undefined
}

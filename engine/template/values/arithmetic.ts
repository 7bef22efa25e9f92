import { float, int, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import {
  isFloat,
  isInt,
  isList,
  isNumber,
  OperationError,
  rejectUndefined,
  Tuple,
  typeName,
} from '../../python/kinds.js'
import { formatPercent } from '../../python/percent-format.js'
import { text, toNumber } from '../../python/text.js'
import type { Budget } from '../budget.js'

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/** Python's operators. The result is unknown, or a secret, if an operand is. @throws OperationError for types that do not go together */
export const arithmetic = (op: BinaryOperator, a: Value, b: Value, budget: Budget): Value => {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const exact = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : Number.NaN
    if (Number.isSafeInteger(exact)) return exact
  }
  if (op === '+' && typeof a === 'string' && typeof b === 'string') return budget.grown(a + b)
  return spread(a, b, (x, y) => compute(op, x, y, budget))
}

/** Applies an operation to plain operands: an unknown operand is the result, and for a secret operand the result is a secret. */
export const spread = (a: Value, b: Value, fn: (a: Value, b: Value) => Value): Value => {
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  if (a instanceof Secret) return asSecret(spread(a.reveal(), b, fn))
  if (b instanceof Secret) return asSecret(spread(a, b.reveal(), fn))
  rejectUndefined(a)
  rejectUndefined(b)
  return fn(a instanceof Unsafe ? a.text : a, b instanceof Unsafe ? b.text : b)
}

export const asSecret = (value: Value): Value =>
  value instanceof Unknown || value instanceof Secret ? value : new Secret(value)

const compute = (op: BinaryOperator, a: Value, b: Value, budget: Budget): Value => {
  const custom = (a as { binary?: (op: string, other: Value) => Value | undefined } | null)?.binary?.(op, b)
  if (custom !== undefined) return custom
  if (op === '+' && typeof a === 'string' && typeof b === 'string') return budget.grown(a + b)
  if (op === '%' && typeof a === 'string') return budget.grown(formatPercent(a, b))
  if (isInt(a) && isInt(b)) return ints(op, BigInt(a), BigInt(b), budget)
  if (isNumber(a) && isNumber(b)) return floats(op, toNumber(a), toNumber(b))
  if (op === '+' && isList(a) && isList(b) && a instanceof Tuple === b instanceof Tuple) {
    budget.grow((a.length + b.length) * 8)
    return a instanceof Tuple ? Tuple.of2(...a, ...b) : [...a, ...b]
  }
  if (op === '*') {
    if (isInt(b)) return repeated(a, Number(b), budget, b)
    if (isInt(a)) return repeated(b, Number(a), budget, a)
  }
  throw unsupported(op, a, b)
}

const repeated = (value: Value, times: number, budget: Budget, other: Value): Value => {
  const count = Math.max(0, times)
  if (typeof value === 'string') {
    budget.grow(value.length * count)
    return value.repeat(count)
  }
  if (!isList(value)) throw unsupported('*', value, other)
  budget.grow(value.length * count * 8)
  const all = Array.from({ length: count }, () => value).flat() as Value[]
  return value instanceof Tuple ? Tuple.of2(...all) : all
}

const unsupported = (op: string, a: Value, b: Value): OperationError => {
  const mixed = op === '+' && (typeof a === 'string') !== (typeof b === 'string')
  return new OperationError(
    `'${op}' does not work on ${typeName(a)} and ${typeName(b)}`,
    'type',
    mixed ? "join text with '~', or convert with | string or | int" : undefined,
  )
}

const ints = (op: BinaryOperator, a: bigint, b: bigint, budget: Budget): Value => {
  switch (op) {
    case '+':
      return int(a + b)
    case '-':
      return int(a - b)
    case '*':
      budget.grow((bits(a) + bits(b)) / 8)
      return int(a * b)
    case '/':
      if (b === 0n) throw new OperationError('division by zero')
      return float(Number(a) / Number(b))
    case '//':
      return int(floorDivide(a, b))
    case '%':
      return int(a - floorDivide(a, b) * b)
    case '**':
      if (b < 0n) return float(Number(a) ** Number(b))
      budget.grow((bits(a) * Number(b)) / 8)
      return int(a ** b)
  }
}

const bits = (value: bigint): number => value.toString(16).length * 4

const floorDivide = (a: bigint, b: bigint): bigint => {
  if (b === 0n) throw new OperationError('division by zero')
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

const floats = (op: BinaryOperator, a: number, b: number): Value => {
  if (b === 0 && (op === '/' || op === '//' || op === '%')) throw new OperationError('division by zero')
  switch (op) {
    case '+':
      return float(a + b)
    case '-':
      return float(a - b)
    case '*':
      return float(a * b)
    case '/':
      return float(a / b)
    case '//':
      return float(Math.floor(a / b))
    case '%': {
      const rest = a % b
      return float(rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest)
    }
    case '**':
      return float(a ** b)
  }
}

/** Unary minus and plus. */
export const signed = (op: '-' | '+', value: Value): Value => {
  if (value instanceof Unknown) return value
  if (value instanceof Secret) return asSecret(signed(op, value.reveal()))
  rejectUndefined(value)
  if (isInt(value)) return int(op === '-' ? -BigInt(value) : BigInt(value))
  if (isFloat(value)) return float(op === '-' ? -toNumber(value) : toNumber(value))
  throw new OperationError(`'${op}' does not work on ${typeName(value)}`)
}

/** `~`: joins both operands as text. */
export const concatenate = (a: Value, b: Value, budget: Budget): Value =>
  spread(a, b, (x, y) => budget.grown(text(x) + text(y)))

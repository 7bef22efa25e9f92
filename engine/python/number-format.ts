import type { Value } from '../core/value.js'
import { aType, isInt, isNumber, OperationError } from './kinds.js'
import { toNumber } from './text.js'

/** The style of a number in C's printf and Python's format(), without width and sign. */
export interface NumberStyle {
  /** d x X o b e E f F g G % */
  readonly type: string
  readonly precision?: number
  /** The flag `#`: a prefix such as 0x, and zeros after the point are kept. */
  readonly alternate?: boolean
  readonly grouping?: ',' | '_'
}

export interface Digits {
  readonly negative: boolean
  readonly prefix: string
  readonly digits: string
}

const bases: { readonly [type: string]: number } = { d: 10, x: 16, X: 16, o: 8, b: 2 }

/** @throws OperationError where the value is not a number */
export const digitsOf = (value: Value, style: NumberStyle): Digits => {
  const base = bases[style.type]
  return base === undefined ? floatDigits(value, style) : intDigits(value, style, base)
}

const intDigits = (value: Value, style: NumberStyle, base: number): Digits => {
  if (!isInt(value)) throw new OperationError(`%${style.type} needs an int, not ${aType(value)}`)
  const whole = BigInt(value)
  const negative = whole < 0n
  const lower = (negative ? -whole : whole).toString(base)
  const digits = (style.type === 'X' ? lower.toUpperCase() : lower).padStart(style.precision ?? 0, '0')
  const prefix = style.alternate === true && base !== 10 ? `0${style.type}` : ''
  return { negative, prefix, digits: grouped(digits, style.grouping, base === 10 ? 3 : 4) }
}

const floatDigits = (value: Value, style: NumberStyle): Digits => {
  if (!isNumber(value)) throw new OperationError(`a number was expected, not ${aType(value)}`)
  const number = toNumber(value) * (style.type === '%' ? 100 : 1)
  const negative = number < 0 || Object.is(number, -0)
  const upper = /[EFG]/.test(style.type)
  const lower = Number.isFinite(number) ? finite(Math.abs(number), style) : Number.isNaN(number) ? 'nan' : 'inf'
  const [whole = '', ...rest] = lower.split(/(?=[.e%])/)
  const digits = grouped(whole, style.grouping, 3) + rest.join('')
  return { negative, prefix: '', digits: upper ? digits.toUpperCase() : digits }
}

const finite = (number: number, style: NumberStyle): string => {
  const precision = Math.min(style.precision ?? 6, 100)
  switch (style.type.toLowerCase()) {
    case 'f':
      return fixed(number, precision)
    case '%':
      return `${fixed(number, precision)}%`
    case 'e':
      return exponential(number, precision)
    default:
      return general(number, precision === 0 ? 1 : precision, style.alternate === true)
  }
}

/** toFixed uses exponents from 1e21 on; numbers that large are integral. */
const fixed = (number: number, precision: number): string =>
  number < 1e21
    ? (halfToEven(number.toFixed(100), precision) ?? number.toFixed(precision))
    : `${BigInt(number)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`

const exponential = (number: number, precision: number): string => {
  const [digits = '', exponent = ''] = number.toExponential(100).split('e')
  const even = halfToEven(digits, precision)
  return (even === undefined ? number.toExponential(precision) : `${even}e${exponent}`).replace(
    /e([+-])(\d)$/,
    'e$10$2',
  )
}

/**
 * The digits where Python rounds an exact half down, to the even digit; undefined elsewhere. JavaScript always rounds a
 * half up.
 */
const halfToEven = (exact: string, precision: number): string | undefined => {
  const cut = exact.indexOf('.') + 1 + precision
  const kept = exact.slice(0, cut).replace(/\.$/, '')
  return /^50*$/.test(exact.slice(cut)) && Number(kept.at(-1)) % 2 === 0 ? kept : undefined
}

const general = (number: number, precision: number, keepZeros: boolean): string => {
  const exponent = number === 0 ? 0 : Number(exponential(number, precision - 1).split('e')[1])
  const digits =
    exponent < -4 || exponent >= precision
      ? exponential(number, precision - 1)
      : fixed(number, precision - 1 - exponent)
  return keepZeros || !digits.includes('.') ? digits : digits.replace(/\.?0+(?=e|$)/, '')
}

const grouped = (digits: string, separator: string | undefined, size: number): string =>
  separator === undefined ? digits : digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator)

/** Python's round(): an exact half is rounded to the even digit. */
export const roundEven = (value: number, digits: number): number => {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value
  if (digits < 0) {
    const unit = 10 ** -digits
    return roundEven(value / unit, 0) * unit
  }
  const exact = Math.abs(value).toFixed(100)
  const cut = exact.indexOf('.') + 1 + digits
  const halfway = /^50*$/.test(exact.slice(cut))
  const last = exact.slice(0, cut).replace(/\.$/, '').at(-1)
  const rounded = Math.abs(value).toFixed(digits)
  if (!halfway || Number(last) % 2 === 1) return Math.sign(value) * Number(rounded)
  return Math.sign(value) * Number(exact.slice(0, cut))
}

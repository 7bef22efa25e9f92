import { Float, float, int, type Value } from '../../core/value.js'
import { aType, isInt, isNumber, OperationError } from '../../python/kinds.js'
import { digitsOf, roundEven } from '../../python/number-format.js'
import { parseIntText, text, toNumber } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { signed } from '../values/arithmetic.js'
import { truth } from '../values/compare.js'
import { asFloat, asInt, asText, toFloat } from '../values/convert.js'

const toInt = filter('default=0 base=10', (value, [fallback = 0, base = 10]) => {
  if (isInt(value)) return int(BigInt(value))
  if (typeof value === 'string') {
    const whole = parseIntText(value, asInt(base, 'base'))
    if (whole !== undefined) return whole
  }
  const number = toFloat(value)
  return number === undefined || !Number.isFinite(number) ? fallback : int(BigInt(Math.trunc(number)))
})

const round = filter('precision=0 method="common"', (value, [precision = 0, method = 'common']) => {
  const number = asFloat(value, 'what round takes')
  const digits = asInt(precision, 'precision')
  if (Math.abs(digits) > 100) throw new OperationError('round goes to at most 100 digits')
  if (method === 'common')
    return isInt(value) && digits >= 0
      ? int(BigInt(value))
      : isInt(value)
        ? roundEven(number, digits)
        : float(roundEven(number, digits))
  if (method !== 'ceil' && method !== 'floor') throw new OperationError("round's method is 'common', 'ceil' or 'floor'")
  const unit = 10 ** digits
  return float(Math[method](number * unit) / unit)
})

const bases = [
  ['kB', 'KiB'],
  ['MB', 'MiB'],
  ['GB', 'GiB'],
  ['TB', 'TiB'],
  ['PB', 'PiB'],
  ['EB', 'EiB'],
  ['ZB', 'ZiB'],
  ['YB', 'YiB'],
] as const

const fileSize = filter('binary=false', (value, [binary = false]) => {
  const bytes = toFloat(value)
  if (bytes === undefined) throw new OperationError('filesizeformat needs a number')
  const base = truth(binary) === true ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  const at = Math.min(
    bases.length,
    Math.max(1, bases.findIndex((_, index) => bytes < base ** (index + 2)) + 1 || bases.length),
  )
  const [decimal, iec] = bases[at - 1] ?? ['', '']
  return `${digitsOf(float(bytes / base ** at), { type: 'f', precision: 1 }).digits} ${base === 1024 ? iec : decimal}`
})

/** Powers of 1024, the largest first. */
const units = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'].map((name, index) => ({
  name,
  size: 2 ** (10 * (8 - index)),
}))

const humanReadable = filter('isbits=false unit=null', (value, [bits = false, unit = null]) => {
  const size = asFloat(value, 'what human_readable takes')
  const wanted = unit === null ? undefined : text(unit).toUpperCase()
  const fits = units.find(one => (wanted === undefined ? size >= one.size : wanted === one.name)) ?? {
    name: 'B',
    size: 1,
  }
  const base = truth(bits) === true ? 'bits' : 'Bytes'
  const shown = digitsOf(float(size / fits.size), { type: 'f', precision: 2 })
  return `${shown.negative ? '-' : ''}${shown.digits} ${fits.size === 1 ? base : fits.name + base.charAt(0)}`
})

const long: { readonly [unit: string]: string } = {
  B: '',
  K: 'kilo',
  M: 'mega',
  G: 'giga',
  T: 'tera',
  P: 'peta',
  E: 'exa',
  Z: 'zeta',
  Y: 'yotta',
}

const humanToBytes = filter('default_unit=null isbits=false', (value, [fallback = null, bits = false]) => {
  const written = text(value)
  const match = /^(\d*\.?\d+)(?:\s*([A-Za-z]+))?\s*$/.exec(written)
  if (match === null)
    throw new OperationError(`human_to_bytes cannot read '${written}'`, 'type', 'it reads 10, 10M, 2.5 GB')
  const unit = match[2] ?? (fallback === null ? undefined : asText(fallback, 'default_unit'))
  if (unit === undefined) return int(BigInt(roundEven(Number(match[1]), 0)))
  const prefix = unit.charAt(0).toUpperCase()
  const size = units.find(one => one.name === prefix)?.size
  const isBits = truth(bits) === true
  const word = `${long[prefix] ?? ''}${isBits ? 'bit' : 'byte'}`
  const short = `${prefix === 'B' ? '' : prefix}${isBits ? 'b' : 'B'}`
  if (size === undefined || (unit.length > 1 && unit.toLowerCase() !== word && unit !== short)) {
    throw new OperationError(
      `human_to_bytes does not know the unit '${unit}'`,
      'type',
      `it knows ${units.map(one => one.name).join(', ')}`,
    )
  }
  return int(BigInt(roundEven(Number(match[1]) * size, 0)))
})

const logarithm = (x: number, base: number): Value => {
  if (x <= 0) throw new OperationError('log needs a positive number')
  if (base === 10) return float(Math.log10(x))
  return float(base === Math.E ? Math.log(x) : Math.log(x) / Math.log(base))
}

const root = (x: number, base: number): Value => {
  if (x < 0) throw new OperationError('root needs a number that is not negative')
  return float(base === 2 ? Math.sqrt(x) : x ** (1 / base))
}

export const numbers: FilterTable = {
  abs: filter('', value => {
    if (!isNumber(value)) throw new OperationError(`abs needs a number, not ${aType(value)}`)
    return toNumber(value) < 0 ? signed('-', value) : value instanceof Float ? value : signed('+', value)
  }),
  int: toInt,
  float: filter('default=null', (value, [fallback = null]) => {
    const number = toFloat(value)
    return number === undefined ? (fallback === null ? float(0) : fallback) : float(number)
  }),
  round,
  filesizeformat: fileSize,
  human_readable: humanReadable,
  human_to_bytes: humanToBytes,
  log: filter('base=null', (value, [base = null]) =>
    logarithm(asFloat(value, 'what log takes'), base === null ? Math.E : asFloat(base, 'base')),
  ),
  pow: filter('y', (value, [y = 1]) => float(asFloat(value, 'what pow takes') ** asFloat(y, 'the power'))),
  root: filter('base=2', (value, [base = 2]) => root(asFloat(value, 'what root takes'), asFloat(base, 'base'))),
}

import { float, int, type Value } from '../core/value.js'
import { aType, isFloat, isInt, OperationError, Tuple } from './kinds.js'
import { digitsOf } from './number-format.js'
import { repr, text, toNumber } from './text.js'

const directive = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])?/g
const MAX_WIDTH = 1_000_000

/** `template % values`. Source: Python's «printf-style String Formatting». @throws OperationError */
export const formatPercent = (template: string, values: Value): string => {
  const args: readonly Value[] = values instanceof Tuple ? values : [values]
  let used = 0
  const take = (): Value => {
    const value = args[used++]
    if (value === undefined) throw new OperationError('not enough arguments for the format string')
    return value
  }
  // Python checks that all values are used only for tuples and plain values.
  const counted = values instanceof Tuple || !(Array.isArray(values) || values instanceof Map)
  const out = template.replace(directive, (whole, name, flags, widthText, precisionText, type) => {
    if (type === undefined) throw new OperationError(`the format «${whole}» is not complete`)
    if (type === '%') return '%'
    const width = widthText === '*' ? toNumber(take()) : Number(widthText ?? 0)
    const precision = precisionText === '*' ? toNumber(take()) : precisionText
    if (width > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH)
      throw new OperationError('the width of a format is far too large', 'budget')
    let value: Value
    if (name === undefined) {
      value = take()
    } else {
      if (!(values instanceof Map)) throw new OperationError('a format with names needs a dict')
      const found = values.get(name)
      if (found === undefined) throw new OperationError(`the format names '${name}', which the dict does not have`)
      value = found
    }
    return one(value, type, flags, width, precision === undefined ? undefined : Number(precision))
  })
  if (counted && used < args.length) throw new OperationError('not all arguments are used by the format string')
  return out
}

const one = (value: Value, type: string, flags: string, width: number, precision: number | undefined): string => {
  const left = flags.includes('-')
  if (type === 's' || type === 'r' || type === 'a') {
    const body = type === 's' ? text(value) : repr(value)
    return pad(precision === undefined ? body : body.slice(0, precision), width, left)
  }
  if (type === 'c') return pad(typeof value === 'string' ? value : String.fromCodePoint(toNumber(value)), width, left)
  const style = {
    type: type === 'i' || type === 'u' ? 'd' : type,
    alternate: flags.includes('#'),
    ...(precision === undefined ? {} : { precision }),
  }
  const { negative, prefix, digits } = digitsOf(asNumber(value, style.type), style)
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const zeros = flags.includes('0') && !left ? Math.max(0, width - sign.length - prefix.length - digits.length) : 0
  return pad(`${sign}${prefix}${'0'.repeat(zeros)}${digits}`, width, left)
}

/** `%d` truncates a float. */
const asNumber = (value: Value, type: string): Value => {
  if (isInt(value)) return value
  if (!isFloat(value)) throw new OperationError(`%${type} needs a number, not ${aType(value)}`)
  return type === 'd' ? int(BigInt(Math.trunc(toNumber(value)))) : float(toNumber(value))
}

const pad = (body: string, width: number, left: boolean): string => (left ? body.padEnd(width) : body.padStart(width))

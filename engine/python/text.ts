import { Bytes, Callable, Float, int, Secret, Unknown, Unsafe, type Value } from '../core/value.js'
import { aType, isNumber, Opaque, OperationError, omit, rejectUndefined, Tuple, Undefined } from './kinds.js'
import { floatText, numberText } from './number-text.js'
import { keyText } from './to-json.js'

/** Python's str(). @throws OperationError for a value without text; the caller handles secrets and unknowns */
export const text = (value: Value): string => {
  if (typeof value === 'string') return value
  if (value instanceof Unsafe) return value.text
  if (value instanceof Bytes) return Buffer.from(value.bytes).toString('utf8')
  return repr(value)
}

/** Python's repr(): like str(), with strings in quotes. */
export const repr = (value: Value): string => {
  if (value === null) return 'None'
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return value.toString()
    case 'number':
      return numberText(value)
  }
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Tuple) return `(${value.map(repr).join(', ')}${value.length === 1 ? ',' : ''})`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${keyRepr(key)}: ${repr(one)}`).join(', ')}}`
  return otherRepr(value)
}

const otherRepr = (value: Value): string => {
  if (value instanceof Unsafe) return quoted(value.text)
  if (value instanceof Bytes) return bytesRepr(value.bytes)
  if (value instanceof Callable) return `<function ${value.name}>`
  rejectUndefined(value)
  const inner = value as unknown
  if (inner instanceof Undefined) return ''
  if (inner instanceof Opaque) return inner.text()
  if (value === omit) return '<<Omit>>'
  if (value instanceof Unknown || value instanceof Secret)
    throw new OperationError(`text of ${value instanceof Unknown ? 'an unknown' : 'a secret'} was asked for`)
  throw new OperationError(`${aType(value)} has no text`)
}

const keyRepr = (key: string | number | bigint | boolean | null): string =>
  typeof key === 'string' ? quoted(key) : typeof key === 'number' ? numberText(key) : keyText(key)

const named: { readonly [char: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

/** A string in Python's quotes: single ones, unless the text contains single and no double quotes. */
export const quoted = (value: string): string => {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
  if (/^[ !#-&(-[\]-~]*$/.test(value)) return quote + value + quote
  const body = value.replace(/[\\'\n\r\t]|[\p{C}\p{Z}]/gu, char => {
    if (char === ' ' || (char === "'" && quote === '"')) return char
    if (char === "'") return "\\'"
    return named[char] ?? escaped(char.codePointAt(0) ?? 0)
  })
  return quote + body + quote
}

const escaped = (code: number): string =>
  code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : code < 0x10000
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`

const bytesRepr = (bytes: Uint8Array): string => {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'"
  let out = ''
  for (const byte of bytes) {
    const char = String.fromCharCode(byte)
    if (named[char] !== undefined) out += named[char]
    else if (byte < 32 || byte > 126) out += escaped(byte)
    else out += char === quote ? `\\${char}` : char
  }
  return `b${quote}${out}${quote}`
}

/** Python's float(text); undefined where Python refuses the text. */
export const parseFloatText = (written: string): number | undefined => {
  const trimmed = written.trim()
  if (/^[-+]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?$/.test(trimmed))
    return Number(trimmed.replaceAll('_', ''))
  const word = /^([-+]?)(?:(inf|infinity)|(nan))$/i.exec(trimmed)
  if (word === null) return undefined
  return word[3] !== undefined ? Number.NaN : word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** A number as a JavaScript number; a bool is 0 or 1. @throws OperationError */
export const toNumber = (value: Value): number => {
  if (typeof value === 'number') return value
  if (value instanceof Float) return value.value
  if (isNumber(value)) return Number(value)
  throw new OperationError(`a number was expected, not ${aType(value)}`)
}

/** Compares by code points, as Python does; JavaScript compares UTF-16 units. */
export const textOrder = (a: string, b: string): number => {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x === y) continue
    const surrogates = x >= 0xd800 && y >= 0xd800
    return surrogates ? (a.codePointAt(index) ?? x) - (b.codePointAt(index) ?? y) : x - y
  }
  return a.length - b.length
}

/** Python's limit: parsing an int takes quadratic time, and the text may come from a host. */
const mostDigits = 4300

/** Python's int(text, base); undefined where Python refuses the text. */
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

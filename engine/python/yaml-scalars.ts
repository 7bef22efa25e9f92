import { float as asFloat, Bytes, int as exactInt, type Value } from '../core/value.js'

/**
 * The value of a plain scalar in PyYAML: YAML 1.1, with PyYAML's regular expressions (yaml/resolver.py,
 * yaml/constructor.py), for which playbooks are written: `yes` is true, `0644` is 420, `12:30:45` is 45045, `1e3` is a
 * string.
 */
export const plainScalar = (text: string): Value => {
  if (text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL') return null
  const first = text.charCodeAt(0)
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46
  if (!numeric) return booleans.get(text) ?? text
  if (intPattern.test(text)) return int(text)
  if (floatPattern.test(text)) return float(text)
  return timestamp(text) ?? text
}

/** The value of a scalar with a tag (`!!int "3"`); undefined where PyYAML refuses it. */
export const taggedScalar = (tag: string, text: string): Value | undefined => {
  switch (tag) {
    case 'str':
      return text
    case 'null':
      return null
    case 'bool':
      return booleans.get(text) ?? booleans.get(text.toLowerCase())
    case 'int':
      return intPattern.test(text) ? int(text) : undefined
    case 'float':
      return intPattern.test(text) ? asFloat(Number(int(text))) : floatPattern.test(text) ? float(text) : undefined
    case 'timestamp':
      return timestamp(text)
    case 'binary':
      return new Bytes(Buffer.from(text.replace(/\s+/g, ''), 'base64'))
    default:
      return undefined
  }
}

const booleans = new Map<string, boolean>(
  ['yes', 'true', 'on', 'no', 'false', 'off'].flatMap(word =>
    [word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`].map(
      one => [one, ['yes', 'true', 'on'].includes(word)] as const,
    ),
  ),
)

const intPattern =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/

const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

const int = (text: string): number | bigint => {
  const { sign, digits } = signed(text.replaceAll('_', ''))
  return exactInt(sign * magnitude(digits))
}

const magnitude = (digits: string): bigint => {
  if (digits === '0') return 0n
  if (digits.startsWith('0b') || digits.startsWith('0x')) return digits.length > 2 ? BigInt(digits) : 0n
  if (digits.startsWith('0')) return BigInt(`0o${digits.slice(1)}`)
  if (digits.includes(':')) return sexagesimal(digits.split(':'))
  return BigInt(digits)
}

/** Splits in halves, since one product of large numbers is cheaper than many sums: 200,000 parts take milliseconds. */
const sexagesimal = (parts: readonly string[]): bigint => {
  if (parts.length <= 100) return parts.reduce((sum, part) => sum * 60n + BigInt(part), 0n)
  const low = parts.length >> 1
  const high = parts.length - low
  return sexagesimal(parts.slice(0, high)) * 60n ** BigInt(low) + sexagesimal(parts.slice(high))
}

const float = (text: string): Value => {
  const { sign, digits } = signed(text.replaceAll('_', '').toLowerCase())
  if (digits === '.inf') return Number(sign) * Number.POSITIVE_INFINITY
  if (digits === '.nan') return Number.NaN
  const value = digits.includes(':')
    ? digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    : Number(digits)
  return asFloat(Number(sign) * value)
}

const signed = (text: string): { readonly sign: bigint; readonly digits: string } =>
  text.startsWith('-')
    ? { sign: -1n, digits: text.slice(1) }
    : { sign: 1n, digits: text.startsWith('+') ? text.slice(1) : text }

const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/
const timePattern =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:Z|([-+])(\d\d?)(?::(\d\d))?))?$/

/** A date as the text that `{{ date }}` prints in Ansible: Python's str(). */
const timestamp = (text: string): string | undefined => {
  const date = datePattern.exec(text)
  if (date !== null) return exists(date[1], date[2], date[3]) ? text : undefined
  const time = timePattern.exec(text)
  if (time === null || !exists(time[1], time[2], time[3])) return undefined
  const [, year, month, day, hour, minute, second, fraction, zoneSign, zoneHour, zoneMinute] = time
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const micros = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const zone =
    zoneSign !== undefined
      ? `${zoneSign}${two(zoneHour)}:${two(zoneMinute ?? '0')}`
      : text.endsWith('Z')
        ? '+00:00'
        : ''
  const clock = `${two(hour)}:${minute}:${second}${micros === '000000' ? '' : `.${micros}`}`
  return `${year}-${two(month)}-${two(day)} ${clock}${zone}`
}

const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')

const exists = (year: string | undefined, month: string | undefined, day: string | undefined): boolean => {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day)
}

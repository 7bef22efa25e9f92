import { Float, Secret, Unsafe, type Value } from '../../core/value.js'
import { omit } from '../../template/index.js'
import { kindOf } from '../problems/kind-of.js'

/** Which numbers a keyword takes, as in ansible-core. */
interface Takes {
  /** No fraction: `2`, `2.0` and "2" are whole. */
  readonly whole?: true
  readonly least?: number
  readonly most?: number
  /** A percent sign may stand behind it. */
  readonly percent?: true
  readonly hint?: string
}

const takes = {
  async: { whole: true },
  poll: { whole: true },
  retries: { whole: true },
  throttle: { whole: true },
  timeout: { whole: true, least: 0, most: 100_000_000, hint: 'write seconds; 0 is no limit' },
  delay: {},
  pause: { least: 0 },
  max_fail_percentage: { percent: true },
} as const satisfies { readonly [name: string]: Takes }

export type NumberKeyword = keyof typeof takes

export const isNumberKeyword = (name: string): name is NumberKeyword => Object.hasOwn(takes, name)

/** Why a value is not what its keyword takes. */
export class NoNumber {
  constructor(
    readonly message: string,
    readonly hint: string,
  ) {}
}

/** The number that a keyword's value means, undefined where the keyword counts as left out, or why the value means no number. */
export const readNumber = (name: NumberKeyword, value: Value): number | undefined | NoNumber => {
  if (value === null || value === omit) return undefined
  const wanted: Takes = takes[name]
  const number = plainNumber(value, wanted.percent === true)
  const fits =
    number !== undefined &&
    (wanted.whole !== true || Number.isInteger(number)) &&
    number >= (wanted.least ?? Number.NEGATIVE_INFINITY) &&
    number <= (wanted.most ?? Number.POSITIVE_INFINITY)
  if (fits) return number
  const otherwise = wanted.percent === true ? 'write a percentage: 30' : 'write a number, or a template'
  return new NoNumber(`'${name}' must be ${described(wanted)}, not ${kindOf(value)}`, wanted.hint ?? otherwise)
}

/** Hosts of a batch: how many, or the percentage as text. */
export const readSerial = (value: Value): number | string | NoNumber => {
  const text = textOf(value)?.trim()
  if (text !== undefined && /^\d+(?:\.\d+)?%$/.test(text)) return text
  const number = plainNumber(value, false)
  if (number !== undefined && Number.isInteger(number)) return number
  return new NoNumber(
    `'serial' must be a whole number, a percentage, or a list of them, not ${kindOf(value)}`,
    'write 2, "30%" or [1, 5, "100%"]',
  )
}

const described = ({ whole, least, most, percent }: Takes): string => {
  const what = `${whole === true ? 'a whole number' : 'a number'}${percent === true ? ', or a percentage' : ''}`
  if (least === undefined) return what
  return most === undefined ? `${what} from ${least} on` : `${what} from ${least} to ${most}`
}

const textOf = (value: Value): string | undefined => {
  const plain = value instanceof Secret ? value.reveal() : value
  return plain instanceof Unsafe ? plain.text : typeof plain === 'string' ? plain : undefined
}

/** A finite number; text is read as Python reads numbers. */
const plainNumber = (value: Value, percent: boolean): number | undefined => {
  const text = textOf(value)
  const number = text === undefined ? ofNumber(value instanceof Secret ? value.reveal() : value) : ofText(text, percent)
  return number !== undefined && Number.isFinite(number) ? number : undefined
}

const ofNumber = (value: Value): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  return value instanceof Float ? value.value : undefined
}

const ofText = (text: string, percent: boolean): number | undefined => {
  const plain = (percent ? text.replace('%', '') : text).trim()
  return /^[-+]?(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:e[-+]?\d+)?$/i.test(plain) && /^[-+]?\.?\d/.test(plain)
    ? Number(plain.replaceAll('_', ''))
    : undefined
}

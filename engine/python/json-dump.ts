import type { Json } from '../core/json.js'
import { type Dict, fromJson, type Key, type Value } from '../core/value.js'
import { aType, isFloat, isInt, isList, OperationError } from './kinds.js'
import { floatText, numberText } from './number-text.js'
import { text, textOrder, toNumber } from './text.js'
import { keyText } from './to-json.js'

/** The options of `json.dumps`. */
export interface JsonStyle {
  /** One level of indentation; undefined: all on one line. */
  readonly indent: string | undefined
  readonly sortKeys: boolean
  readonly ascii: boolean
  readonly item: string
  readonly colon: string
}

/** Python's `json.dumps`, byte for byte. @throws OperationError where the value has no JSON */
export const dumpJson = (value: Value, style: JsonStyle, depth = 0): string => {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return jsonString(value, style.ascii)
  if (isInt(value)) return String(value)
  if (isFloat(value)) return jsonFloat(toNumber(value))
  if (isList(value))
    return around(
      '[',
      value.map(one => dumpJson(one, style, depth + 1)),
      ']',
      style,
      depth,
    )
  if (value instanceof Map) return around('{', pairs(value, style, depth), '}', style, depth)
  const inner = value as unknown as { text?: () => string; typeName?: string }
  if (inner.typeName === 'datetime') return jsonString(text(value).replace(' ', 'T'), style.ascii)
  throw new OperationError(`${aType(value)} has no JSON`)
}

const around = (open: string, parts: readonly string[], close: string, style: JsonStyle, depth: number): string => {
  if (parts.length === 0) return open + close
  if (style.indent === undefined) return open + parts.join(style.item) + close
  const line = `\n${style.indent.repeat(depth + 1)}`
  return `${open}${line}${parts.join(style.item.trimEnd() + line)}\n${style.indent.repeat(depth)}${close}`
}

const pairs = (dict: Dict, style: JsonStyle, depth: number): readonly string[] => {
  const entries = [...dict]
  // JSON keys are text and are sorted as text: "10" before "9".
  if (style.sortKeys) entries.sort(([a], [b]) => textOrder(jsonKey(a), jsonKey(b)))
  return entries.map(
    ([key, one]) => `${jsonString(jsonKey(key), style.ascii)}${style.colon}${dumpJson(one, style, depth + 1)}`,
  )
}

const jsonKey = (key: Key): string => {
  if (key === null) return 'null'
  if (typeof key === 'boolean') return String(key)
  return typeof key === 'number' ? numberText(key) : keyText(key)
}

const jsonFloat = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'

const jsonString = (value: string, ascii: boolean): string => {
  const quoted = JSON.stringify(value)
  return ascii
    ? quoted.replace(/[\x7f-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted
}

/** `json.dumps` with its default options: a blank after each comma and colon, ASCII only. */
export const pythonJson = (json: Json): string =>
  dumpJson(fromJson(json), { indent: undefined, sortKeys: false, ascii: true, item: ', ', colon: ': ' })

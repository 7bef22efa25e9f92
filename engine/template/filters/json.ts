import { readJson } from '../../core/json-reader.js'
import { floatText, numberText } from '../../core/number-text.js'
import type { Dict, Key, Value } from '../../core/value.js'
import { keyText } from '../../core/value.js'
import { type FilterTable, filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'
import { aType, isFloat, isInt, isList, OperationError } from '../values/kinds.js'
import { text, toNumber } from '../values/text.js'
import { keyOrder } from './attribute-path.js'

interface Style {
  /** undefined: all on one line */
  readonly indent: string | undefined
  readonly sortKeys: boolean
  readonly ascii: boolean
  readonly item: string
  readonly colon: string
}

/** As Python's json.dumps writes it, byte for byte. */
export const dumpJson = (value: Value, style: Style, depth = 0): string => {
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

const around = (open: string, parts: readonly string[], close: string, style: Style, depth: number): string => {
  if (parts.length === 0) return open + close
  if (style.indent === undefined) return open + parts.join(style.item) + close
  const line = `\n${style.indent.repeat(depth + 1)}`
  return `${open}${line}${parts.join(style.item.trimEnd() + line)}\n${style.indent.repeat(depth)}${close}`
}

const pairs = (dict: Dict, style: Style, depth: number): readonly string[] => {
  const entries = [...dict]
  // Keys are text in JSON, and sorted as that: 10 before 9, and keys of several types too.
  if (style.sortKeys) entries.sort(([a], [b]) => keyOrder(jsonKey(a), jsonKey(b)))
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
    ? quoted.replace(/[\x7f-\uffff]/g, char =>
        char === '\x7f' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : quoted
}

const style = (indent: Value, sortKeys: Value, ascii: Value, separators: Value): Style => {
  const given = separators === null ? undefined : (separators as readonly Value[]).map(text)
  return {
    indent:
      indent === null ? undefined : typeof indent === 'string' ? indent : ' '.repeat(Math.min(Number(indent), 100)),
    sortKeys: truth(sortKeys) === true,
    ascii: truth(ascii) === true,
    item: given?.[0] ?? (indent === null ? ', ' : ','),
    colon: given?.[1] ?? ': ',
  }
}

/** @throws OperationError for what is not JSON */
export const parseJson = (written: string): Value => {
  try {
    return readJson(written)
  } catch (error) {
    if (error instanceof SyntaxError) throw new OperationError(`this is not JSON: ${error.message}`)
    throw error
  }
}

const htmlSafe = (json: string): string =>
  json.replace(/[<>&']/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const options =
  'profile=null indent=null sort_keys=false ensure_ascii=true separators=null vault_to_text=null preprocess_unsafe=null'

export const json: FilterTable = {
  to_json: filter(options, (value, [, indent = null, sort = false, ascii = true, separators = null]) =>
    dumpJson(value, style(indent, sort, ascii, separators)),
  ),
  to_nice_json: filter(
    'indent=4 sort_keys=true ensure_ascii=true separators=null vault_to_text=null',
    (value, [indent = 4, sort = true, ascii = true]) => dumpJson(value, style(indent, sort, ascii, [',', ': '])),
  ),
  tojson: filter('indent=null', (value, [indent = null]) => htmlSafe(dumpJson(value, style(indent, true, true, null)))),
  from_json: filter('profile=null', value => parseJson(asText(value, 'what from_json reads'))),
}

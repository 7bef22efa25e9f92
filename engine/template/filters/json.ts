import type { Dict, Key, Value } from '../../core/value.js'
import { keyText } from '../../core/value.js'
import { type FilterTable, filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'
import { aType, float, int, isFloat, isInt, isList, OperationError } from '../values/kinds.js'
import { floatText, text, toNumber } from '../values/text.js'
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
  return typeof key === 'number' && isFloat(key) ? floatText(key) : keyText(key)
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

/** Reads JSON as Python does: ints stay exact, `1.0` is a float, a dict keeps its order. @throws OperationError */
export const parseJson = (written: string): Value => new JsonReader(written).read()

class JsonReader {
  #at = 0
  constructor(readonly written: string) {}

  read(): Value {
    const value = this.#value(0)
    this.#space()
    if (this.#at < this.written.length) this.#fail('extra data')
    return value
  }

  #value(depth: number): Value {
    if (depth > 500) this.#fail('nested too deep')
    this.#space()
    const char = this.written[this.#at]
    if (char === '{') return this.#dict(depth)
    if (char === '[') return this.#list(depth)
    if (char === '"') return this.#string()
    const match = this.#match(/-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y)
    if (match !== undefined) {
      return match[1] === undefined && match[2] === undefined ? int(BigInt(match[0])) : float(Number(match[0]))
    }
    const word = this.#match(/true|false|null|NaN|-?Infinity/y)?.[0]
    if (word === undefined) return this.#fail('a value was expected')
    return word === 'null' ? null : word === 'true' ? true : word === 'false' ? false : float(Number(word))
  }

  #dict(depth: number): Value {
    const made = new Map<Key, Value>()
    this.#at++
    if (this.#skip('}')) return made
    do {
      this.#space()
      const key = this.#string()
      if (!this.#skip(':')) this.#fail("':' was expected")
      made.set(key, this.#value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip('}')) this.#fail("',' or '}' was expected")
    return made
  }

  #list(depth: number): Value {
    const made: Value[] = []
    this.#at++
    if (this.#skip(']')) return made
    do made.push(this.#value(depth + 1))
    while (this.#skip(','))
    if (!this.#skip(']')) this.#fail("',' or ']' was expected")
    return made
  }

  #string(): string {
    const match = this.#match(/"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y)
    return match === undefined ? this.#fail('a string was expected') : (JSON.parse(match[0]) as string)
  }

  #space(): void {
    this.#match(/[ \t\n\r]*/y)
  }

  #skip(char: string): boolean {
    this.#space()
    if (this.written[this.#at] !== char) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.written)
    if (match === null) return undefined
    this.#at += match[0].length
    return match
  }

  #fail(message: string): never {
    const before = this.written.slice(0, this.#at)
    const line = before.split('\n').length
    throw new OperationError(
      `this is not JSON: ${message} in line ${line}, column ${this.#at - before.lastIndexOf('\n')}`,
    )
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

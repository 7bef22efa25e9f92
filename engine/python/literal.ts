import { Bytes, Float, type Key, type Value } from '../core/value.js'

/**
 * Parses a Python literal like `ast.literal_eval`: numbers, strings, True, False, None, and lists, tuples, sets and
 * dicts of these. Undefined for any other text, which INI inventories keep as text: `true`, `01` and `yes` are strings.
 */
export const pythonLiteral = (text: string): Value | undefined => {
  const reader = new Reader(text.trim())
  const value = reader.sum()
  return value !== undefined && reader.atEnd() ? value : undefined
}

const spaces = /[ \t\n\f\r\\]*(?:#[^\n]*)?/y
const number =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][-+]?\d(?:_?\d)*)?)/y
const text = /([rRbBuU]{0,2})('''|"""|'|")/y
const word = /True|False|None/y

/** A recursive descent parser. Every method returns undefined where the text is no literal. */
class Reader {
  #at = 0
  #depth = 0
  constructor(private readonly source: string) {}

  atEnd(): boolean {
    this.#skip()
    return this.#at === this.source.length
  }

  /** A value with optional signs. */
  sum(): Value | undefined {
    this.#skip()
    const sign = this.#take('-') ? -1 : this.#take('+') ? 1 : undefined
    if (sign === undefined) return this.#atom()
    const value = this.sum()
    if (typeof value === 'bigint') return sign === 1 ? value : -value
    if (value instanceof Float) return new Float(sign * value.value)
    return typeof value === 'number' ? (value === 0 ? 0 : sign * value) : undefined
  }

  #atom(): Value | undefined {
    if (this.#depth > 100) return undefined
    const opening = this.source.charAt(this.#at)
    if (opening === '[' || opening === '(' || opening === '{') {
      this.#at++
      this.#depth++
      const value = opening === '{' ? this.#dict() : this.#list(opening === '[' ? ']' : ')')
      this.#depth--
      return value
    }
    const named = this.#match(word)?.[0]
    if (named !== undefined) return named === 'None' ? null : named === 'True'
    return this.#strings() ?? this.#number()
  }

  #number(): Value | undefined {
    const digits = this.#match(number)?.[0].replaceAll('_', '')
    if (digits === undefined || (/^0\d/.test(digits) && !/[.eE]/.test(digits) && !/^0+$/.test(digits))) return undefined
    if (/^0[xXoObB]/.test(digits) || /^\d+$/.test(digits)) {
      const big = BigInt(digits)
      return Number.isSafeInteger(Number(big)) ? Number(big) : big
    }
    const value = Number(digits)
    return Number.isInteger(value) ? new Float(value) : value
  }

  #list(closing: ']' | ')'): Value | undefined {
    const items: Value[] = []
    let commas = 0
    while (!this.#close(closing)) {
      if (items.length > commas) return undefined
      const item = this.sum()
      if (item === undefined) return undefined
      items.push(item)
      this.#skip()
      if (this.#take(',')) commas++
    }
    // (1) is 1 in brackets; (1,) is a tuple.
    return closing === ')' && items.length === 1 && commas === 0 ? items[0] : items
  }

  /** A dict, or a set, which becomes a list. */
  #dict(): Value | undefined {
    const dict = new Map<Key, Value>()
    const set: Value[] = []
    let separated = true
    while (!this.#close('}')) {
      if (!separated) return undefined
      const key = this.sum()
      if (key === undefined) return undefined
      this.#skip()
      if (this.#take(':')) {
        const value = this.sum()
        if (value === undefined || !isKey(key)) return undefined
        dict.set(key, value)
        this.#skip()
      } else set.push(key)
      separated = this.#take(',')
    }
    return set.length === 0 ? dict : dict.size === 0 ? set : undefined
  }

  /** Adjacent strings are joined. */
  #strings(): Value | undefined {
    let all: string | undefined
    let bytes = false
    for (;;) {
      this.#skip()
      const start = this.#match(text)
      if (start === null) break
      const piece = this.#piece(start[1] ?? '', start[2] ?? "'")
      if (piece === undefined) return undefined
      bytes = /b/i.test(start[1] ?? '')
      all = (all ?? '') + piece
    }
    if (all === undefined) return undefined
    return bytes ? new Bytes(Buffer.from(all, 'latin1')) : all
  }

  #piece(prefix: string, quote: string): string | undefined {
    const raw = /r/i.test(prefix)
    let made = ''
    while (this.#at < this.source.length) {
      if (this.source.startsWith(quote, this.#at)) {
        this.#at += quote.length
        return made
      }
      const char = this.source.charAt(this.#at)
      if (char === '\n' && quote.length === 1) return undefined
      if (char !== '\\') {
        made += char
        this.#at++
      } else if (raw) {
        made += this.source.slice(this.#at, this.#at + 2)
        this.#at += 2
      } else {
        const plain = this.#escape()
        if (plain === undefined) return undefined
        made += plain
      }
    }
    return undefined
  }

  #escape(): string | undefined {
    const simple = simpleEscapes.get(this.source.charAt(this.#at + 1))
    if (simple !== undefined) {
      this.#at += 2
      return simple
    }
    const code = this.#match(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/y)
    if (code !== null) {
      const point =
        code[4] === undefined ? Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16) : Number.parseInt(code[4], 8)
      return point <= 0x10ffff ? String.fromCodePoint(point) : undefined
    }
    // Python keeps an unknown escape, with its backslash.
    this.#at++
    return '\\'
  }

  #close(closing: string): boolean {
    this.#skip()
    return this.#take(closing)
  }

  #take(char: string): boolean {
    if (this.source.charAt(this.#at) !== char) return false
    this.#at++
    return true
  }

  #skip(): void {
    this.#match(spaces)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.source)
    if (found !== null) this.#at += found[0].length
    return found
  }
}

const simpleEscapes = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

const isKey = (value: Value): value is Key =>
  value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)

import { float, int, type Key, type Value } from '../core/value.js'

/** Parses JSON as Python does: ints are exact, `1.0` is a float, dicts keep the order of keys. @throws SyntaxError */
export const readJson = (written: string): Value => new JsonReader(written).read()

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
    const end = this.written[this.#at] === '"' ? this.#closingQuote(this.#at + 1) : -1
    if (end === -1) return this.#fail('a string was expected')
    let read: string
    try {
      read = JSON.parse(this.written.slice(this.#at, end + 1)) as string
    } catch {
      return this.#fail('a string was expected')
    }
    this.#at = end + 1
    return read
  }

  /**
   * The closing quote of a string; -1 where there is none. A regular expression would overflow its stack on a string of
   * many MB.
   */
  #closingQuote(from: number): number {
    let quote = this.written.indexOf('"', from)
    while (quote !== -1) {
      let escapes = 0
      while (quote - escapes > from && this.written[quote - escapes - 1] === '\\') escapes++
      if (escapes % 2 === 0) return quote
      quote = this.written.indexOf('"', quote + 1)
    }
    return -1
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
    throw new SyntaxError(`${message} in line ${line}, column ${this.#at - before.lastIndexOf('\n')}`)
  }
}

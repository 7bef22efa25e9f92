/** Translates Python's pattern syntax to JavaScript's (flags `gu`), in one pass. Used by regex.ts only. */

export class PythonRegexError extends Error {
  constructor(
    message: string,
    /** The offset in the pattern, from 0. */
    readonly at: number,
  ) {
    super(message)
  }
}

export interface Flags {
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly ignoreCase: boolean
  readonly verbose: boolean
  readonly ascii: boolean
}

/** The characters of escapes such as `\n`, in patterns and replacements. */
export const controls: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const START = '(?<![\\s\\S])'
const END = '(?![\\s\\S])'

/** The JavaScript source for the pattern from `start` on. @throws PythonRegexError */
export const translate = (pattern: string, start: number, flags: Flags): string =>
  new Translation(pattern, start, flags).run()

class Translation {
  #at: number
  readonly #word: string
  readonly #digit: string

  constructor(
    readonly pattern: string,
    start: number,
    readonly flags: Flags,
  ) {
    this.#at = start
    this.#word = flags.ascii ? 'a-zA-Z0-9_' : '\\p{L}\\p{N}_'
    this.#digit = flags.ascii ? '0-9' : '\\p{Nd}'
  }

  run(): string {
    let out = ''
    while (this.#at < this.pattern.length) out += this.#next()
    return out
  }

  #next(): string {
    const { multiline, dotAll, verbose } = this.flags
    const char = this.#take()
    if (verbose && /\s/.test(char)) return ''
    if (verbose && char === '#') return this.#comment('\n')
    switch (char) {
      case '^':
        return multiline ? '(?<![^\\n])' : START
      case '$':
        return multiline ? '(?![^\\n])' : `(?=\\n?${END})`
      case '.':
        return dotAll ? '[\\s\\S]' : '[^\\n]'
      case '[':
        return this.#set()
      case '(':
        return this.#group()
      case '\\':
        return this.#escape()
      case '{':
        return this.#repeat()
      default:
        return char === '}' || char === ']' || char === '/' ? `\\${char}` : char
    }
  }

  /** `{2,3}` is a repetition; `{,3}` starts at 0; any other brace is a literal. */
  #repeat(): string {
    const found = /^(\d*)(,?)(\d*)\}/.exec(this.pattern.slice(this.#at))
    if (found === null || (found[1] === '' && found[3] === '')) return '\\{'
    this.#at += found[0].length
    return this.#noPossessive(`{${found[1] || '0'}${found[2]}${found[3]}}`)
  }

  #noPossessive(text: string): string {
    if (this.pattern[this.#at] === '+') this.#fail('possessive quantifiers are not supported')
    return text
  }

  #group(): string {
    if (this.pattern[this.#at] !== '?') return '('
    const rest = this.pattern.slice(this.#at)
    if (rest.startsWith('?#')) return this.#comment(')')
    const named = /^\?P<([A-Za-z_]\w*)>/.exec(rest)
    if (named !== null) return this.#emit(named[0], `(?<${named[1]}>`)
    const back = /^\?P=([A-Za-z_]\w*)\)/.exec(rest)
    if (back !== null) return this.#emit(back[0], `\\k<${back[1]}>`)
    const plain = /^\?(?::|=|!|<=|<!)/.exec(rest)
    if (plain !== null) return this.#emit(plain[0], `(${plain[0]}`)
    return this.#fail(`the group (${rest.slice(0, 3)}… is not supported`)
  }

  #comment(end: string): string {
    const to = this.pattern.indexOf(end, this.#at)
    this.#at = to === -1 ? this.pattern.length : to + 1
    return ''
  }

  #escape(): string {
    const at = this.#at
    const char = this.#take()
    const group = /^[1-9]\d?/.exec(this.pattern.slice(at))
    if (group !== null) return this.#emit(group[0].slice(1), `(?:\\${group[0]})`)
    switch (char) {
      case 'A':
        return START
      case 'Z':
        return END
      case 'b':
        return this.#boundary(true)
      case 'B':
        return this.#boundary(false)
      default:
        return this.#classOutside(char) ?? literal(this.#character(char, at))
    }
  }

  #boundary(there: boolean): string {
    const word = `[${this.#word}]`
    return there
      ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
      : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
  }

  /** An escape for a class of characters, inside and outside of a set. */
  #class(char: string): { readonly body: string; readonly negated: boolean } | undefined {
    const lower = char.toLowerCase()
    const body = lower === 'w' ? this.#word : lower === 'd' ? this.#digit : lower === 's' ? '\\s' : undefined
    return body === undefined ? undefined : { body, negated: char !== lower }
  }

  #classOutside(char: string): string | undefined {
    const found = this.#class(char)
    return found === undefined ? undefined : `[${found.negated ? '^' : ''}${found.body}]`
  }

  /** An escape for one character. */
  #character(char: string, at: number): string {
    const hex = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0
    if (hex > 0) {
      const digits = this.pattern.slice(this.#at, this.#at + hex)
      if (!new RegExp(`^[0-9a-fA-F]{${hex}}$`).test(digits)) this.#fail(`incomplete escape \\${char}`, at)
      this.#at += hex
      return String.fromCodePoint(Number.parseInt(digits, 16))
    }
    if (char === '0') {
      const digits = /^[0-7]{0,2}/.exec(this.pattern.slice(this.#at))?.[0] ?? ''
      this.#at += digits.length
      return String.fromCharCode(Number.parseInt(`0${digits}`, 8))
    }
    if (controls[char] !== undefined) return controls[char]
    if (/[A-Za-z]/.test(char)) this.#fail(`bad escape \\${char}`, at)
    return char
  }

  /** A set `[…]`: a first `]` and any `[` are literals, and a class may be next to a hyphen. */
  #set(): string {
    const start = this.#at
    const negated = this.pattern[this.#at] === '^'
    if (negated) this.#at++
    const parts: string[] = []
    for (let first = true; ; first = false) {
      if (this.#at >= this.pattern.length) this.#fail('unterminated character set', start - 1)
      if (this.pattern[this.#at] === ']' && !first) break
      const from = this.#member()
      if (this.pattern[this.#at] === '-' && ![']', undefined].includes(this.pattern[this.#at + 1])) {
        this.#at++
        const to = this.#member()
        if (from.char === undefined || to.char === undefined) this.#fail('bad character range', start)
        if ((to.char?.codePointAt(0) ?? 0) < (from.char?.codePointAt(0) ?? 0)) this.#fail('bad character range', start)
        parts.push(`${from.text}-${to.text}`)
      } else {
        parts.push(from.text)
      }
    }
    this.#at++
    return `[${negated ? '^' : ''}${parts.join('')}]`
  }

  #member(): { readonly text: string; readonly char?: string } {
    const at = this.#at
    const char = this.#take()
    if (char !== '\\') return { text: literal(char), char }
    const escaped = this.#take()
    const found = this.#class(escaped)
    if (found !== undefined) return { text: found.negated ? this.#negatedMember(found.body, escaped) : found.body }
    const one = escaped === 'b' ? '\b' : this.#character(escaped, at)
    return { text: literal(one), char: one }
  }

  /** A negated class cannot be nested in a set under the `u` flag, so it needs an escape of its own. */
  #negatedMember(body: string, escaped: string): string {
    if (body === '\\s') return '\\S'
    if (this.flags.ascii) return `\\${escaped}`
    if (escaped === 'D') return '\\P{Nd}'
    return this.#fail('\\W inside a set is supported for ASCII only: write [^\\w…]')
  }

  #take(): string {
    const code = this.pattern.codePointAt(this.#at)
    if (code === undefined) return this.#fail('the pattern ends in a backslash')
    const char = String.fromCodePoint(code)
    this.#at += char.length
    return char
  }

  #emit(consumed: string, out: string): string {
    this.#at += consumed.length
    return out
  }

  #fail(message: string, at = this.#at): never {
    throw new PythonRegexError(`${message} in «${this.pattern}»`, at)
  }
}

/** The source for a literal character under the `u` flag, inside and outside of a set. */
const literal = (char: string): string =>
  /[\^$\\.*+?()[\]{}|/-]/.test(char)
    ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
    : char === '\n'
      ? '\\n'
      : char === '\r'
        ? '\\r'
        : char

import { lexExpression } from './expression-lexer.js'
import { type SyntaxOptions, TemplateSyntaxError, type Token } from './token.js'

/**
 * A template's tokens: text between blocks as `data`, with its white space already controlled (`-`, `+`, trim_blocks, lstrip_blocks),
 * comments gone, raw blocks as data. One newline at the very end is dropped, as Jinja2 does.
 * Source: Jinja2's «Template Designer Documentation», «Whitespace Control». @throws TemplateSyntaxError
 */
export const lexTemplate = (text: string, options: SyntaxOptions): readonly Token[] => new Lexer(text, options).run()

/** The tokens of a bare expression (`when`). @throws TemplateSyntaxError */
export const lexBareExpression = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  lexExpression(text, 0, undefined, false, tokens)
  tokens.push({ type: 'end', text: '', at: text.length })
  return tokens
}

class Lexer {
  readonly #tokens: Token[] = []
  readonly #starts: RegExp
  readonly #rawBegin: RegExp
  readonly #rawEnd: RegExp
  readonly #text: string
  #at = 0

  constructor(
    text: string,
    readonly options: SyntaxOptions,
  ) {
    this.#text = text.endsWith('\n') ? text.slice(0, -1) : text
    const [block, end] = [literal(options.blockStart), literal(options.blockEnd)]
    // The longest first: `{%%` must win over `{%`.
    const starts = [options.commentStart, options.blockStart, options.variableStart].sort((a, b) => b.length - a.length)
    this.#starts = new RegExp(starts.map(literal).join('|'), 'g')
    this.#rawBegin = new RegExp(`${block}[-+]?\\s*raw\\s*(?:-${end}\\s*|${end})`, 'y')
    const trimmed = options.trimBlocks ? '\\n?' : ''
    this.#rawEnd = new RegExp(`${block}([-+]?)\\s*endraw\\s*(?:\\+${end}|-${end}\\s*|${end}${trimmed})`, 'g')
  }

  run(): readonly Token[] {
    while (this.#at < this.#text.length) this.#next()
    this.#push('end', '', this.#text.length)
    return this.#tokens
  }

  #next(): void {
    const { options } = this
    this.#starts.lastIndex = this.#at
    const found = this.#starts.exec(this.#text)
    const start = found?.index ?? this.#text.length
    const opener = found?.[0] ?? ''
    const sign = this.#text[start + opener.length] ?? ''
    this.#data(this.#at, start, sign, found !== null && opener !== options.variableStart)
    if (found === null) this.#at = start
    else if (opener === options.commentStart) this.#comment(start)
    else if (opener === options.blockStart) this.#raw(start) || this.#block(start, sign)
    else this.#variable(start, sign)
  }

  /** Text up to a block: `-` strips all white space before the block, lstrip_blocks the white space before it on its line. */
  #data(from: number, to: number, sign: string, strips: boolean): void {
    let text = this.#text.slice(from, to)
    if (sign === '-' && to < this.#text.length) text = text.trimEnd()
    else if (this.options.lstripBlocks && strips && sign !== '+') {
      const line = text.lastIndexOf('\n') + 1
      const ownLine = line > 0 || from === 0 || this.#text[from - 1] === '\n'
      if (ownLine && text.slice(line).trim() === '') text = text.slice(0, line)
    }
    if (text !== '') this.#push('data', text, from)
  }

  #comment(start: number): void {
    const { commentStart, commentEnd } = this.options
    const end = this.#text.indexOf(commentEnd, start + commentStart.length)
    if (end === -1) throw new TemplateSyntaxError('this comment is never closed', start, `close it with ${commentEnd}`)
    this.#continueAfter(end + commentEnd.length, this.#text[end - 1] ?? '', true)
  }

  #raw(start: number): boolean {
    this.#rawBegin.lastIndex = start
    const begin = this.#rawBegin.exec(this.#text)
    if (begin === null) return false
    const from = start + begin[0].length
    this.#rawEnd.lastIndex = from
    const end = this.#rawEnd.exec(this.#text)
    if (end === null)
      throw new TemplateSyntaxError('this raw block is never closed', start, 'close it with {% endraw %}')
    this.#data(from, end.index, end[1] ?? '', true)
    this.#at = end.index + end[0].length
    return true
  }

  #block(start: number, sign: string): void {
    const { blockStart, blockEnd } = this.options
    this.#push('block-begin', blockStart, start)
    const end = this.#expression(start + blockStart.length, sign, blockEnd, start, false)
    this.#push('block-end', blockEnd, end.at)
    this.#continueAfter(end.to, end.sign, true)
  }

  #variable(start: number, sign: string): void {
    const { variableStart, variableEnd, rawStrings } = this.options
    this.#push('variable-begin', variableStart, start)
    const end = this.#expression(start + variableStart.length, sign, variableEnd, start, rawStrings)
    this.#push('variable-end', variableEnd, end.at)
    this.#continueAfter(end.to, end.sign, false)
  }

  #expression(from: number, sign: string, end: string, start: number, rawStrings: boolean) {
    const at = lexExpression(this.#text, sign === '-' || sign === '+' ? from + 1 : from, end, rawStrings, this.#tokens)
    if (at >= this.#text.length) throw new TemplateSyntaxError(`this is never closed`, start, `close it with ${end}`)
    const closing = this.#text.startsWith(end, at) ? '' : (this.#text[at] ?? '')
    return { at, sign: closing, to: at + closing.length + end.length }
  }

  /** Goes on after a closing delimiter: `-` drops white space, trim_blocks one newline after a block. */
  #continueAfter(at: number, sign: string, trims: boolean): void {
    this.#at = at
    if (sign === '-') this.#at += /^\s*/.exec(this.#text.slice(at))?.[0].length ?? 0
    else if (sign !== '+' && trims && this.options.trimBlocks && this.#text[at] === '\n') this.#at++
  }

  #push(type: Token['type'], text: string, at: number): void {
    this.#tokens.push({ type, text, at })
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

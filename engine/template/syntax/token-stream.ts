import { TemplateSyntaxError, type Token, type TokenType } from './token.js'

/** The tokens of a template, read from left to right. */
export class TokenStream {
  #at = 0
  constructor(readonly tokens: readonly Token[]) {}

  get current(): Token {
    return this.tokens[this.#at] as Token
  }

  get following(): Token | undefined {
    return this.tokens[this.#at + 1]
  }

  next(): Token {
    const token = this.current
    if (token.type !== 'end') this.#at++
    return token
  }

  is(type: TokenType, text?: string): boolean {
    const { current } = this
    return current.type === type && (text === undefined || current.text === text)
  }

  isOperator(text: string): boolean {
    return this.is('operator', text)
  }

  isName(...names: readonly string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.text)
  }

  /** Takes the current token if it is the given one; tells whether it was. */
  skip(type: TokenType, text?: string): boolean {
    if (!this.is(type, text)) return false
    this.next()
    return true
  }

  /** Takes the current token. @throws TemplateSyntaxError where it is not the given one */
  expect(type: TokenType, text?: string): Token {
    if (!this.is(type, text))
      this.fail(`expected ${text === undefined ? tokenNames[type] : `'${text}'`}, found ${this.describeCurrent()}`)
    return this.next()
  }

  /** The current token, for messages. */
  describeCurrent(): string {
    const { type, text } = this.current
    if (type === 'end') return 'the end of the template'
    return type === 'data' ? 'text' : type === 'string' ? `the string '${text}'` : `'${text}'`
  }

  fail(message: string, hint?: string, at = this.current.at): never {
    throw new TemplateSyntaxError(message, at, hint)
  }
}

const tokenNames: { readonly [type in TokenType]: string } = {
  data: 'text',
  'variable-begin': 'an expression',
  'variable-end': 'the end of the expression',
  'block-begin': 'a statement',
  'block-end': 'the end of the statement',
  name: 'a name',
  string: 'a string',
  int: 'a number',
  float: 'a number',
  operator: 'an operator',
  end: 'the end of the template',
}

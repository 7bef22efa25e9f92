import { TemplateSyntaxError, type Token, type TokenType } from './token.js'

const patterns: readonly (readonly [TokenType | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['float', /(?<!\.)\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y],
  ['int', /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y],
  ['name', /[\p{ID_Start}_][\p{ID_Continue}]*/uy],
  ['string', /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y],
  ['operator', /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.,:|;]/y],
]

const closing: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}' }

/**
 * The tokens of one expression or statement, from `at` up to `end` (outside of brackets) or the end of the text.
 * Returns the offset after the last token. @throws TemplateSyntaxError
 */
export const lexExpression = (
  text: string,
  at: number,
  end: string | undefined,
  rawStrings: boolean,
  out: Token[],
): number => {
  const open: { readonly closes: string; readonly at: number }[] = []
  let position = at
  while (position < text.length) {
    if (open.length === 0 && end !== undefined && endsAt(text, position, end)) return position
    const token = next(text, position, rawStrings)
    position = token.to
    if (token.type === 'space') continue
    if (token.type === 'operator') bracket(token.text, token.at, open)
    out.push({ type: token.type, text: token.text, at: token.at })
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new TemplateSyntaxError(`'${text[unclosed.at]}' is never closed`, unclosed.at)
  return position
}

const endsAt = (text: string, at: number, end: string): boolean =>
  text.startsWith(end, at) || ((text[at] === '-' || text[at] === '+') && text.startsWith(end, at + 1))

const next = (text: string, at: number, rawStrings: boolean) => {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) continue
    const body = type === 'string' ? string(match[0].slice(1, -1), rawStrings) : match[0]
    return { type, text: body, at, to: at + match[0].length }
  }
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (char === '"' || char === "'") throw new TemplateSyntaxError('this quote is never closed', at)
  const hint = { '&': "write 'and'", '!': "write 'not'", '?': "write 'a if condition else b'" }[char]
  throw new TemplateSyntaxError(`unexpected character '${char}'`, at, hint)
}

const bracket = (text: string, at: number, open: { readonly closes: string; readonly at: number }[]): void => {
  const closes = closing[text]
  if (closes !== undefined) open.push({ closes, at })
  else if (text === ')' || text === ']' || text === '}') {
    const last = open.pop()
    if (last?.closes === text) return
    throw new TemplateSyntaxError(
      last === undefined ? `unexpected '${text}'` : `expected '${last.closes}', found '${text}'`,
      at,
    )
  }
}

const simple: { readonly [char: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

/** Python's escapes in a string; an unknown escape stays as it is. */
const string = (body: string, raw: boolean): string =>
  raw || !body.includes('\\')
    ? body
    : body.replace(
        /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
        (whole: string, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
          const hex = x ?? u ?? long
          if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole)
          if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
          return simple[other ?? ''] ?? whole
        },
      )

const codePoint = (code: number, whole: string): string => (code <= 0x10ffff ? String.fromCodePoint(code) : whole)

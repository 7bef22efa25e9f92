import { didYouMean } from '../../config/did-you-mean.js'
import { ExpressionParser } from './expression-parser.js'
import type { Expression, Parameter, Statement, Target } from './nodes.js'
import type { Parser } from './parser.js'
import { parseFilter } from './postfix-parser.js'
import { type OpenBlock, TemplateSyntaxError, type Token } from './token.js'

/** A whole template. @throws TemplateSyntaxError */
export const parseTemplate = (tokens: readonly Token[]): readonly Statement[] => {
  const parser = new ExpressionParser(tokens)
  const { body } = parseBody(parser, [])
  return body
}

/** A bare expression, and nothing after it. @throws TemplateSyntaxError */
export const parseWholeExpression = (tokens: readonly Token[]): Expression => {
  const parser = new ExpressionParser(tokens)
  const expression = parser.expression()
  if (!parser.is('end')) parser.fail(`expected the end of the expression, found ${parser.describeCurrent()}`)
  return expression
}

interface Body {
  readonly body: readonly Statement[]
  /** The tag that ended the body. */
  readonly end: Token
}

/** Statements up to one of the tags in `ends`. Of that tag, the name is already read. */
const parseBody = (parser: Parser, ends: readonly string[], opener?: Token): Body => {
  const body: Statement[] = []
  for (;;) {
    const token = parser.current
    if (token.type === 'data') {
      parser.next()
      body.push({ kind: 'data', text: token.text, at: token.at })
    } else if (token.type === 'variable-begin') {
      parser.next()
      body.push({ kind: 'output', of: parser.tuple(), at: token.at })
      parser.expect('variable-end')
    } else if (token.type === 'block-begin') {
      parser.next()
      if (parser.isName(...ends)) return { body, end: parser.next() }
      body.push(statement(parser, opener && { tag: opener.text, at: opener.at, end: ends.at(-1) ?? '' }))
    } else {
      if (opener === undefined) return { body, end: token }
      return parser.fail(`'${opener.text}' is never closed`, `close it with {% ${ends.at(-1)} %}`, opener.at)
    }
  }
}

const endOfTag = (parser: Parser): void => void parser.expect('block-end')

/** A body that ends in exactly one tag. */
const bodyTo = (parser: Parser, end: string, opener: Token): readonly Statement[] => {
  endOfTag(parser)
  const { body } = parseBody(parser, [end], opener)
  // The name of a block or macro may be repeated in its closing tag.
  if (end === 'endblock' || end === 'endmacro') parser.skip('name')
  endOfTag(parser)
  return body
}

/** The body after `else`, where `else` ended the body before it; otherwise an empty one. */
const elseBody = (parser: Parser, end: Token, closing: string, opener: Token): readonly Statement[] => {
  if (end.text === 'else') return bodyTo(parser, closing, opener)
  endOfTag(parser)
  return []
}

type Parse = (parser: Parser, tag: Token) => Statement

/** @param open the block around the statement */
const statement = (parser: Parser, open: OpenBlock | undefined): Statement => {
  const tag = parser.expect('name')
  const parse = statements.get(tag.text)
  if (parse !== undefined) return parse(parser, tag)
  if (!/^(?:end|el)/.test(tag.text))
    return parser.fail(`there is no statement '${tag.text}'`, didYouMean(tag.text, statements.keys()), tag.at)
  const what = open === undefined ? 'has nothing to end here' : `does not end '${open.tag}'`
  throw new TemplateSyntaxError(`'${tag.text}' ${what}`, tag.at, 'take it out, or begin before it what it ends', open)
}

const simple =
  (kind: 'break' | 'continue'): Parse =>
  (parser, { at }) => {
    endOfTag(parser)
    return { kind, at }
  }

const parseFor: Parse = (parser, tag) => {
  const target = parseTarget(parser)
  parser.expect('name', 'in')
  const of = parser.tuple(false)
  const test = parser.skip('name', 'if') ? parser.expression() : undefined
  const recursive = parser.skip('name', 'recursive')
  endOfTag(parser)
  const { body, end } = parseBody(parser, ['else', 'endfor'], tag)
  const otherwise = elseBody(parser, end, 'endfor', tag)
  return { kind: 'for', target, of, test, recursive, body, otherwise, at: tag.at }
}

const parseIf: Parse = (parser, tag) => {
  const branches: { test: Expression; body: readonly Statement[] }[] = []
  for (;;) {
    const test = parser.tuple()
    endOfTag(parser)
    const { body, end } = parseBody(parser, ['elif', 'else', 'endif'], tag)
    branches.push({ test, body })
    if (end.text === 'elif') continue
    const otherwise = elseBody(parser, end, 'endif', tag)
    return { kind: 'if', branches, otherwise, at: tag.at }
  }
}

const parseSet: Parse = (parser, tag) => {
  const target = parseTarget(parser)
  if (parser.skip('operator', '=')) {
    const value = parser.tuple()
    endOfTag(parser)
    return { kind: 'set', target, value, at: tag.at }
  }
  const filter = parser.isOperator('|') ? filterChain(parser) : undefined
  return { kind: 'set-block', target, filter, body: bodyTo(parser, 'endset', tag), at: tag.at }
}

const filterChain = (parser: Parser): Expression => {
  let chain = parseFilter(parser, undefined)
  while (parser.isOperator('|')) chain = parseFilter(parser, chain)
  return chain
}

const parseTarget = (parser: Parser): Target => {
  const { at } = parser.current
  const first = parseSingleTarget(parser)
  if (!parser.isOperator(',')) return first
  const items = [first]
  while (parser.skip('operator', ',')) {
    if (parser.isName('in') || parser.isOperator('=')) break
    items.push(parseSingleTarget(parser))
  }
  return { kind: 'tuple', items, at }
}

const reserved = ['true', 'false', 'none', 'True', 'False', 'None']

const parseSingleTarget = (parser: Parser): Target => {
  const { at } = parser.current
  if (parser.skip('operator', '(')) {
    const inner = parseTarget(parser)
    parser.expect('operator', ')')
    return inner
  }
  if (parser.isName(...reserved)) parser.fail(`'${parser.current.text}' cannot be set`)
  const name = parser.expect('name').text
  if (!parser.skip('operator', '.')) return { kind: 'name', name, at }
  return { kind: 'namespace', name, attribute: parser.expect('name').text, at }
}

const parseParameters = (parser: Parser): readonly Parameter[] => {
  const parameters: Parameter[] = []
  parser.expect('operator', '(')
  while (!parser.isOperator(')')) {
    if (parameters.length > 0) parser.expect('operator', ',')
    const name = parser.expect('name').text
    parameters.push({ name, initial: parser.skip('operator', '=') ? parser.expression() : undefined })
  }
  parser.expect('operator', ')')
  return parameters
}

const parseMacro: Parse = (parser, tag) => {
  const name = parser.expect('name').text
  const parameters = parseParameters(parser)
  return { kind: 'macro', name, parameters, body: bodyTo(parser, 'endmacro', tag), at: tag.at }
}

const parseCall: Parse = (parser, tag) => {
  const parameters = parser.isOperator('(') ? parseParameters(parser) : []
  const call = parser.expression()
  if (call.kind !== 'call') parser.fail('expected a call of a macro', undefined, call.at)
  return { kind: 'call-block', call, parameters, body: bodyTo(parser, 'endcall', tag), at: tag.at }
}

const parseFilterBlock: Parse = (parser, tag) => {
  const filter = filterChain(parser)
  return { kind: 'filter-block', filter, body: bodyTo(parser, 'endfilter', tag), at: tag.at }
}

const parseWith: Parse = (parser, tag) => {
  const values: { target: Target; value: Expression }[] = []
  while (!parser.is('block-end')) {
    if (values.length > 0) parser.expect('operator', ',')
    const target = parseSingleTarget(parser)
    parser.expect('operator', '=')
    values.push({ target, value: parser.expression() })
  }
  return { kind: 'with', values, body: bodyTo(parser, 'endwith', tag), at: tag.at }
}

const parseDo: Parse = (parser, { at }) => {
  const of = parser.tuple()
  endOfTag(parser)
  return { kind: 'do', of, at }
}

/** Passes over `with context` and `without context`: variables are always passed on, as Jinja2 does for include. */
const skipContext = (parser: Parser): void => {
  if (!parser.isName('with', 'without')) return
  parser.next()
  parser.expect('name', 'context')
}

const parseInclude: Parse = (parser, { at }) => {
  const name = parser.expression()
  const optional = parser.skip('name', 'ignore')
  if (optional) parser.expect('name', 'missing')
  skipContext(parser)
  endOfTag(parser)
  return { kind: 'include', name, optional, at }
}

const parseImport: Parse = (parser, { at }) => {
  const name = parser.expression()
  parser.expect('name', 'as')
  const as = parser.expect('name').text
  skipContext(parser)
  endOfTag(parser)
  return { kind: 'import', name, as, at }
}

const parseFrom: Parse = (parser, { at }) => {
  const name = parser.expression()
  parser.expect('name', 'import')
  const names: { name: string; as: string }[] = []
  while (!parser.is('block-end') && !parser.isName('with', 'without')) {
    if (names.length > 0) parser.expect('operator', ',')
    const one = parser.expect('name').text
    names.push({ name: one, as: parser.skip('name', 'as') ? parser.expect('name').text : one })
  }
  skipContext(parser)
  endOfTag(parser)
  return { kind: 'from', name, names, at }
}

const parseBlock: Parse = (parser, tag) => {
  parser.expect('name')
  while (parser.isName('scoped', 'required')) parser.next()
  return { kind: 'block', body: bodyTo(parser, 'endblock', tag), at: tag.at }
}

/** All statements, by their tags. */
const statements: ReadonlyMap<string, Parse> = new Map([
  ['for', parseFor],
  ['if', parseIf],
  ['set', parseSet],
  ['macro', parseMacro],
  ['call', parseCall],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['do', parseDo],
  ['include', parseInclude],
  ['import', parseImport],
  ['from', parseFrom],
  ['block', parseBlock],
  ['break', simple('break')],
  ['continue', simple('continue')],
])

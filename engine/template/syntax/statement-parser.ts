import { didYouMean } from '../../config/did-you-mean.js'
import { parseExpression, parseTuple } from './expression-parser.js'
import type { Expression, Parameter, Statement, Target } from './nodes.js'
import { parseFilter } from './postfix-parser.js'
import { type OpenBlock, TemplateSyntaxError, type Token } from './token.js'
import { TokenStream } from './token-stream.js'

/** A whole template. @throws TemplateSyntaxError */
export const parseTemplate = (tokens: readonly Token[]): readonly Statement[] => {
  const stream = new TokenStream(tokens)
  const { body } = parseBody(stream, [])
  return body
}

/** A bare expression, and nothing after it. @throws TemplateSyntaxError */
export const parseWholeExpression = (tokens: readonly Token[]): Expression => {
  const stream = new TokenStream(tokens)
  const expression = parseExpression(stream)
  if (!stream.is('end')) stream.fail(`expected the end of the expression, found ${stream.shown()}`)
  return expression
}

interface Body {
  readonly body: readonly Statement[]
  /** The tag that ended it, with its place. */
  readonly end: Token
}

/** Statements up to one of the tags in `ends`, which is read up to its name. */
const parseBody = (stream: TokenStream, ends: readonly string[], opener?: Token): Body => {
  const body: Statement[] = []
  for (;;) {
    const token = stream.current
    if (token.type === 'data') {
      stream.next()
      body.push({ kind: 'data', text: token.text, at: token.at })
    } else if (token.type === 'variable-begin') {
      stream.next()
      body.push({ kind: 'output', of: parseTuple(stream), at: token.at })
      stream.expect('variable-end')
    } else if (token.type === 'block-begin') {
      stream.next()
      if (stream.isName(...ends)) return { body, end: stream.next() }
      body.push(statement(stream, opener && { tag: opener.text, at: opener.at, end: ends.at(-1) ?? '' }))
    } else {
      if (opener === undefined) return { body, end: token }
      return stream.fail(`'${opener.text}' is never closed`, `close it with {% ${ends.at(-1)} %}`, opener.at)
    }
  }
}

const close = (stream: TokenStream): void => void stream.expect('block-end')

/** A body that ends in exactly one tag. */
const bodyTo = (stream: TokenStream, end: string, opener: Token): readonly Statement[] => {
  close(stream)
  const { body } = parseBody(stream, [end], opener)
  // A block may be named again where it ends.
  if (end === 'endblock' || end === 'endmacro') stream.skip('name')
  close(stream)
  return body
}

/** What follows `else`, where that ended the body before; otherwise nothing. */
const elseBody = (stream: TokenStream, end: Token, closing: string, opener: Token): readonly Statement[] => {
  if (end.text === 'else') return bodyTo(stream, closing, opener)
  close(stream)
  return []
}

type Parse = (stream: TokenStream, tag: Token) => Statement

/** @param open the block that it stands in */
const statement = (stream: TokenStream, open: OpenBlock | undefined): Statement => {
  const tag = stream.expect('name')
  const parse = statements.get(tag.text)
  if (parse !== undefined) return parse(stream, tag)
  if (!/^(?:end|el)/.test(tag.text))
    return stream.fail(`there is no statement '${tag.text}'`, didYouMean(tag.text, statements.keys()), tag.at)
  const what = open === undefined ? 'has nothing to end here' : `does not end '${open.tag}'`
  throw new TemplateSyntaxError(`'${tag.text}' ${what}`, tag.at, 'take it out, or begin before it what it ends', open)
}

const simple =
  (kind: 'break' | 'continue'): Parse =>
  (stream, { at }) => {
    close(stream)
    return { kind, at }
  }

const parseFor: Parse = (stream, tag) => {
  const target = parseTarget(stream)
  stream.expect('name', 'in')
  const of = parseTuple(stream, false)
  const test = stream.skip('name', 'if') ? parseExpression(stream) : undefined
  const recursive = stream.skip('name', 'recursive')
  close(stream)
  const { body, end } = parseBody(stream, ['else', 'endfor'], tag)
  const otherwise = elseBody(stream, end, 'endfor', tag)
  return { kind: 'for', target, of, test, recursive, body, otherwise, at: tag.at }
}

const parseIf: Parse = (stream, tag) => {
  const branches: { test: Expression; body: readonly Statement[] }[] = []
  for (;;) {
    const test = parseTuple(stream)
    close(stream)
    const { body, end } = parseBody(stream, ['elif', 'else', 'endif'], tag)
    branches.push({ test, body })
    if (end.text === 'elif') continue
    const otherwise = elseBody(stream, end, 'endif', tag)
    return { kind: 'if', branches, otherwise, at: tag.at }
  }
}

const parseSet: Parse = (stream, tag) => {
  const target = parseTarget(stream)
  if (stream.skip('operator', '=')) {
    const value = parseTuple(stream)
    close(stream)
    return { kind: 'set', target, value, at: tag.at }
  }
  const filter = stream.isOperator('|') ? filterChain(stream) : undefined
  return { kind: 'set-block', target, filter, body: bodyTo(stream, 'endset', tag), at: tag.at }
}

const filterChain = (stream: TokenStream): Expression => {
  let chain = parseFilter(stream, undefined)
  while (stream.isOperator('|')) chain = parseFilter(stream, chain)
  return chain
}

const parseTarget = (stream: TokenStream): Target => {
  const { at } = stream.current
  const first = oneTarget(stream)
  if (!stream.isOperator(',')) return first
  const items = [first]
  while (stream.skip('operator', ',')) {
    if (stream.isName('in') || stream.isOperator('=')) break
    items.push(oneTarget(stream))
  }
  return { kind: 'tuple', items, at }
}

const reserved = ['true', 'false', 'none', 'True', 'False', 'None']

const oneTarget = (stream: TokenStream): Target => {
  const { at } = stream.current
  if (stream.skip('operator', '(')) {
    const inner = parseTarget(stream)
    stream.expect('operator', ')')
    return inner
  }
  if (stream.isName(...reserved)) stream.fail(`'${stream.current.text}' cannot be set`)
  const name = stream.expect('name').text
  if (!stream.skip('operator', '.')) return { kind: 'name', name, at }
  return { kind: 'namespace', name, attribute: stream.expect('name').text, at }
}

const parseParameters = (stream: TokenStream): readonly Parameter[] => {
  const parameters: Parameter[] = []
  stream.expect('operator', '(')
  while (!stream.isOperator(')')) {
    if (parameters.length > 0) stream.expect('operator', ',')
    const name = stream.expect('name').text
    parameters.push({ name, initial: stream.skip('operator', '=') ? parseExpression(stream) : undefined })
  }
  stream.expect('operator', ')')
  return parameters
}

const parseMacro: Parse = (stream, tag) => {
  const name = stream.expect('name').text
  const parameters = parseParameters(stream)
  return { kind: 'macro', name, parameters, body: bodyTo(stream, 'endmacro', tag), at: tag.at }
}

const parseCall: Parse = (stream, tag) => {
  const parameters = stream.isOperator('(') ? parseParameters(stream) : []
  const call = parseExpression(stream)
  if (call.kind !== 'call') stream.fail('expected a call of a macro', undefined, call.at)
  return { kind: 'call-block', call, parameters, body: bodyTo(stream, 'endcall', tag), at: tag.at }
}

const parseFilterBlock: Parse = (stream, tag) => {
  const filter = filterChain(stream)
  return { kind: 'filter-block', filter, body: bodyTo(stream, 'endfilter', tag), at: tag.at }
}

const parseWith: Parse = (stream, tag) => {
  const values: { target: Target; value: Expression }[] = []
  while (!stream.is('block-end')) {
    if (values.length > 0) stream.expect('operator', ',')
    const target = oneTarget(stream)
    stream.expect('operator', '=')
    values.push({ target, value: parseExpression(stream) })
  }
  return { kind: 'with', values, body: bodyTo(stream, 'endwith', tag), at: tag.at }
}

const parseDo: Parse = (stream, { at }) => {
  const of = parseTuple(stream)
  close(stream)
  return { kind: 'do', of, at }
}

/** `with context` and `without context` are read; the context always comes along, as is the rule for include. */
const skipContext = (stream: TokenStream): void => {
  if (!stream.isName('with', 'without')) return
  stream.next()
  stream.expect('name', 'context')
}

const parseInclude: Parse = (stream, { at }) => {
  const name = parseExpression(stream)
  const optional = stream.skip('name', 'ignore')
  if (optional) stream.expect('name', 'missing')
  skipContext(stream)
  close(stream)
  return { kind: 'include', name, optional, at }
}

const parseImport: Parse = (stream, { at }) => {
  const name = parseExpression(stream)
  stream.expect('name', 'as')
  const as = stream.expect('name').text
  skipContext(stream)
  close(stream)
  return { kind: 'import', name, as, at }
}

const parseFrom: Parse = (stream, { at }) => {
  const name = parseExpression(stream)
  stream.expect('name', 'import')
  const names: { name: string; as: string }[] = []
  while (!stream.is('block-end') && !stream.isName('with', 'without')) {
    if (names.length > 0) stream.expect('operator', ',')
    const one = stream.expect('name').text
    names.push({ name: one, as: stream.skip('name', 'as') ? stream.expect('name').text : one })
  }
  skipContext(stream)
  close(stream)
  return { kind: 'from', name, names, at }
}

const parseBlock: Parse = (stream, tag) => {
  stream.expect('name')
  while (stream.isName('scoped', 'required')) stream.next()
  return { kind: 'block', body: bodyTo(stream, 'endblock', tag), at: tag.at }
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

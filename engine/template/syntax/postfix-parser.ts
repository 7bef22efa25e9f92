import { parseExpression, parsePrimary, parseTuple } from './expression-parser.js'
import type { Arguments, Expression } from './nodes.js'
import type { TokenStream } from './token-stream.js'

/** Members, items, slices and calls behind an expression. */
export const parsePostfix = (stream: TokenStream, base: Expression): Expression => {
  let whole = base
  for (;;) {
    const { at } = stream.current
    if (stream.isOperator('.')) whole = member(stream, whole)
    else if (stream.isOperator('[')) whole = subscript(stream, whole)
    else if (stream.isOperator('(')) whole = { kind: 'call', of: whole, args: parseArguments(stream), at }
    else return whole
  }
}

const member = (stream: TokenStream, of: Expression): Expression => {
  stream.next()
  const { type, text, at } = stream.current
  if (type === 'name') {
    stream.next()
    return { kind: 'attribute', of, name: text, at }
  }
  if (type !== 'int') stream.fail(`expected a name or a number after '.', found ${stream.shown()}`)
  stream.next()
  return { kind: 'item', of, key: { kind: 'constant', value: Number(text), at }, at }
}

const subscript = (stream: TokenStream, of: Expression): Expression => {
  const { at } = stream.next()
  const part = (): Expression | undefined =>
    stream.isOperator(':') || stream.isOperator(']') ? undefined : parseTuple(stream)
  const start = part()
  if (start !== undefined && stream.skip('operator', ']')) return { kind: 'item', of, key: start, at }
  stream.expect('operator', ':')
  const stop = part()
  const step = stream.skip('operator', ':') ? part() : undefined
  stream.expect('operator', ']')
  return { kind: 'slice', of, start, stop, step, at }
}

/** `| filter` and `is test` behind an expression, and calls of their results. */
export const parseFiltersAndTests = (stream: TokenStream, base: Expression): Expression => {
  let whole = base
  for (;;) {
    const { at } = stream.current
    if (stream.isOperator('|')) whole = parseFilter(stream, whole)
    else if (stream.isName('is')) whole = test(stream, whole)
    else if (stream.isOperator('(')) whole = { kind: 'call', of: whole, args: parseArguments(stream), at }
    else return whole
  }
}

/** One `| name(…)`; a filter block starts without the bar. */
export const parseFilter = (stream: TokenStream, of: Expression | undefined): Expression => {
  stream.skip('operator', '|')
  const { at } = stream.current
  const name = dottedName(stream)
  const args = stream.isOperator('(') ? parseArguments(stream) : none
  return { kind: 'filter', of, name, args, at }
}

const dottedName = (stream: TokenStream): string => {
  let name = stream.expect('name').text
  while (stream.skip('operator', '.')) name += `.${stream.expect('name').text}`
  return name
}

const none: Arguments = { args: [], named: [], rest: undefined, keywords: undefined }

const test = (stream: TokenStream, of: Expression): Expression => {
  stream.next()
  const negated = stream.skip('name', 'not')
  const { at } = stream.current
  const name = dottedName(stream)
  if (stream.isOperator('(')) return { kind: 'test', of, name, args: parseArguments(stream), negated, at }
  if (!startsArgument(stream)) return { kind: 'test', of, name, args: none, negated, at }
  if (stream.isName('is')) stream.fail('tests cannot follow each other', "join them with 'and'")
  const argument = parsePostfix(stream, parsePrimary(stream))
  return { kind: 'test', of, name, args: { ...none, args: [argument] }, negated, at }
}

/** `x is divisibleby 3`: an argument without parentheses. */
const startsArgument = (stream: TokenStream): boolean => {
  const { type } = stream.current
  if (type === 'name') return !stream.isName('else', 'or', 'and', 'if', 'in', 'not', 'recursive')
  return type === 'string' || type === 'int' || type === 'float' || stream.isOperator('[') || stream.isOperator('{')
}

/** `(a, *rest, name=value, **more)` */
export const parseArguments = (stream: TokenStream): Arguments => {
  stream.expect('operator', '(')
  const args: Expression[] = []
  const named: { name: string; value: Expression }[] = []
  let rest: Expression | undefined
  let keywords: Expression | undefined
  for (let first = true; !stream.isOperator(')'); first = false) {
    if (!first) {
      stream.expect('operator', ',')
      if (stream.isOperator(')')) break
    }
    if (stream.skip('operator', '**')) keywords = parseExpression(stream)
    else if (stream.skip('operator', '*')) rest = parseExpression(stream)
    else if (stream.current.type === 'name' && stream.following?.type === 'operator' && stream.following.text === '=') {
      const name = stream.next().text
      stream.next()
      named.push({ name, value: parseExpression(stream) })
    } else {
      if (named.length > 0) stream.fail('an argument without a name cannot follow one with a name')
      args.push(parseExpression(stream))
    }
  }
  stream.expect('operator', ')')
  return { args, named, rest, keywords }
}

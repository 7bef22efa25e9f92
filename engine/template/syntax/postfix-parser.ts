import type { Arguments, Expression } from './nodes.js'
import type { Parser } from './parser.js'

/** Members, items, slices and calls behind an expression. */
export const parsePostfix = (parser: Parser, base: Expression): Expression => {
  let whole = base
  for (;;) {
    const { at } = parser.current
    if (parser.isOperator('.')) whole = member(parser, whole)
    else if (parser.isOperator('[')) whole = subscript(parser, whole)
    else if (parser.isOperator('(')) whole = { kind: 'call', of: whole, args: parseArguments(parser), at }
    else return whole
  }
}

const member = (parser: Parser, of: Expression): Expression => {
  parser.next()
  const { type, text, at } = parser.current
  if (type === 'name') {
    parser.next()
    return { kind: 'attribute', of, name: text, at }
  }
  if (type !== 'int') parser.fail(`expected a name or a number after '.', found ${parser.describeCurrent()}`)
  parser.next()
  return { kind: 'item', of, key: { kind: 'constant', value: Number(text), at }, at }
}

const subscript = (parser: Parser, of: Expression): Expression => {
  const { at } = parser.next()
  const part = (): Expression | undefined =>
    parser.isOperator(':') || parser.isOperator(']') ? undefined : parser.tuple()
  const start = part()
  if (start !== undefined && parser.skip('operator', ']')) return { kind: 'item', of, key: start, at }
  parser.expect('operator', ':')
  const stop = part()
  const step = parser.skip('operator', ':') ? part() : undefined
  parser.expect('operator', ']')
  return { kind: 'slice', of, start, stop, step, at }
}

/** `| filter` and `is test` behind an expression, and calls of their results. */
export const parseFiltersAndTests = (parser: Parser, base: Expression): Expression => {
  let whole = base
  for (;;) {
    const { at } = parser.current
    if (parser.isOperator('|')) whole = parseFilter(parser, whole)
    else if (parser.isName('is')) whole = test(parser, whole)
    else if (parser.isOperator('(')) whole = { kind: 'call', of: whole, args: parseArguments(parser), at }
    else return whole
  }
}

/** One `| name(…)`; the first filter of a filter block has no bar. */
export const parseFilter = (parser: Parser, of: Expression | undefined): Expression => {
  parser.skip('operator', '|')
  const { at } = parser.current
  const name = dottedName(parser)
  const args = parser.isOperator('(') ? parseArguments(parser) : noArguments
  return { kind: 'filter', of, name, args, at }
}

const dottedName = (parser: Parser): string => {
  let name = parser.expect('name').text
  while (parser.skip('operator', '.')) name += `.${parser.expect('name').text}`
  return name
}

const noArguments: Arguments = { args: [], named: [], rest: undefined, keywords: undefined }

const test = (parser: Parser, of: Expression): Expression => {
  parser.next()
  const negated = parser.skip('name', 'not')
  const { at } = parser.current
  const name = dottedName(parser)
  if (parser.isOperator('(')) return { kind: 'test', of, name, args: parseArguments(parser), negated, at }
  if (!startsArgument(parser)) return { kind: 'test', of, name, args: noArguments, negated, at }
  if (parser.isName('is')) parser.fail('tests cannot follow each other', "join them with 'and'")
  const argument = parsePostfix(parser, parser.primary())
  return { kind: 'test', of, name, args: { ...noArguments, args: [argument] }, negated, at }
}

/** `x is divisibleby 3`: an argument without parentheses. */
const startsArgument = (parser: Parser): boolean => {
  const { type } = parser.current
  if (type === 'name') return !parser.isName('else', 'or', 'and', 'if', 'in', 'not', 'recursive')
  return type === 'string' || type === 'int' || type === 'float' || parser.isOperator('[') || parser.isOperator('{')
}

/** `(a, *rest, name=value, **more)` */
export const parseArguments = (parser: Parser): Arguments => {
  parser.expect('operator', '(')
  const args: Expression[] = []
  const named: { name: string; value: Expression }[] = []
  let rest: Expression | undefined
  let keywords: Expression | undefined
  for (let first = true; !parser.isOperator(')'); first = false) {
    if (!first) {
      parser.expect('operator', ',')
      if (parser.isOperator(')')) break
    }
    if (parser.skip('operator', '**')) keywords = parser.expression()
    else if (parser.skip('operator', '*')) rest = parser.expression()
    else if (parser.current.type === 'name' && parser.following?.type === 'operator' && parser.following.text === '=') {
      const name = parser.next().text
      parser.next()
      named.push({ name, value: parser.expression() })
    } else {
      if (named.length > 0) parser.fail('an argument without a name cannot follow one with a name')
      args.push(parser.expression())
    }
  }
  parser.expect('operator', ')')
  return { args, named, rest, keywords }
}

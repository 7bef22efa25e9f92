import { float, int, type Value } from '../../core/value.js'
import type { BinaryOperator } from '../values/arithmetic.js'
import type { Comparison } from '../values/compare.js'
import type { Expression } from './nodes.js'
import { parseFiltersAndTests, parsePostfix } from './postfix-parser.js'
import type { TokenStream } from './token-stream.js'

/** Expressions by Jinja2's grammar, loosest binding first. @throws TemplateSyntaxError */
export const parseExpression = (stream: TokenStream): Expression => nested(stream, () => condition(stream))

/** `a, b` without parentheses is a tuple; one expression alone is itself. */
export const parseTuple = (stream: TokenStream, conditions = true): Expression => {
  const { at } = stream.current
  const one = conditions ? () => parseExpression(stream) : () => or(stream)
  const first = one()
  if (!stream.isOperator(',')) return first
  const items = [first]
  while (stream.skip('operator', ',')) {
    if (endsTuple(stream)) break
    items.push(one())
  }
  return { kind: 'tuple', items, at }
}

const endsTuple = (stream: TokenStream): boolean =>
  ['variable-end', 'block-end', 'end'].includes(stream.current.type) ||
  [')', ']', '=', ':'].some(text => stream.isOperator(text)) ||
  stream.isName('in', 'recursive', 'if')

const MAX_DEPTH = 200
let depth = 0

/** Bounds how deep expressions nest: a hostile one must not end the process. */
const nested = <T>(stream: TokenStream, parse: () => T): T => {
  if (++depth > MAX_DEPTH) {
    depth--
    stream.fail(`expressions nest deeper than ${MAX_DEPTH}`)
  }
  try {
    return parse()
  } finally {
    depth--
  }
}

const condition = (stream: TokenStream): Expression => {
  let then = or(stream)
  while (stream.isName('if')) {
    const { at } = stream.next()
    const test = or(stream)
    const otherwise = stream.skip('name', 'else') ? parseExpression(stream) : undefined
    then = { kind: 'condition', test, then, otherwise, at }
  }
  return then
}

const or = (stream: TokenStream): Expression => {
  let left = and(stream)
  while (stream.isName('or')) {
    const { at } = stream.next()
    left = { kind: 'or', left, right: and(stream), at }
  }
  return left
}

const and = (stream: TokenStream): Expression => {
  let left = not(stream)
  while (stream.isName('and')) {
    const { at } = stream.next()
    left = { kind: 'and', left, right: not(stream), at }
  }
  return left
}

const not = (stream: TokenStream): Expression => {
  if (!stream.isName('not')) return comparison(stream)
  const { at } = stream.next()
  return { kind: 'unary', op: 'not', of: nested(stream, () => not(stream)), at }
}

const comparisons: ReadonlySet<string> = new Set<Comparison>(['==', '!=', '<', '<=', '>', '>='])

const comparison = (stream: TokenStream): Expression => {
  const { at } = stream.current
  const first = sum(stream)
  const rest: { op: Comparison; right: Expression; at: number }[] = []
  for (;;) {
    const here = stream.current.at
    const op = comparisonOperator(stream)
    if (op === undefined) break
    rest.push({ op, right: sum(stream), at: here })
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, at }
}

const comparisonOperator = (stream: TokenStream): Comparison | undefined => {
  if (stream.current.type === 'operator' && comparisons.has(stream.current.text))
    return stream.next().text as Comparison
  if (stream.skip('name', 'in')) return 'in'
  if (stream.isName('not') && stream.following?.type === 'name' && stream.following.text === 'in') {
    stream.next()
    stream.next()
    return 'not in'
  }
  return undefined
}

/** Operators of one level, from left to right. */
const leftToRight =
  (operators: readonly string[], operand: (stream: TokenStream) => Expression) =>
  (stream: TokenStream): Expression => {
    let left = operand(stream)
    while (stream.current.type === 'operator' && operators.includes(stream.current.text)) {
      const { text, at } = stream.next()
      left = { kind: 'binary', op: text as BinaryOperator | '~', left, right: operand(stream), at }
    }
    return left
  }

const power = leftToRight(['**'], stream => unary(stream, true))
const product = leftToRight(['*', '/', '//', '%'], power)
const concatenation = leftToRight(['~'], product)
const sum = leftToRight(['+', '-'], concatenation)

const unary = (stream: TokenStream, filters: boolean): Expression =>
  nested(stream, () => {
    const { at } = stream.current
    const signed = stream.isOperator('-') || stream.isOperator('+')
    const base: Expression = signed
      ? { kind: 'unary', op: stream.next().text as '-' | '+', of: unary(stream, false), at }
      : parsePrimary(stream)
    const whole = parsePostfix(stream, base)
    return filters ? parseFiltersAndTests(stream, whole) : whole
  })

const constants = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** A name, a constant, or what stands in brackets. */
export const parsePrimary = (stream: TokenStream): Expression => {
  const { type, text, at } = stream.current
  switch (type) {
    case 'name': {
      stream.next()
      const value = constants.get(text)
      return value === undefined ? { kind: 'name', name: text, at } : { kind: 'constant', value, at }
    }
    case 'string': {
      let value = ''
      while (stream.current.type === 'string') value += stream.next().text
      return { kind: 'constant', value, at }
    }
    case 'int':
      stream.next()
      return { kind: 'constant', value: int(BigInt(text.replaceAll('_', ''))), at }
    case 'float':
      stream.next()
      return { kind: 'constant', value: float(Number(text.replaceAll('_', ''))), at }
    default:
      if (stream.isOperator('(')) return parenthesised(stream)
      if (stream.isOperator('[')) return list(stream)
      if (stream.isOperator('{')) return dict(stream)
      return stream.fail(`expected an expression, found ${stream.shown()}`)
  }
}

const parenthesised = (stream: TokenStream): Expression => {
  const { at } = stream.next()
  if (stream.skip('operator', ')')) return { kind: 'tuple', items: [], at }
  const inner = parseTuple(stream)
  stream.expect('operator', ')')
  return inner
}

const list = (stream: TokenStream): Expression => {
  const { at } = stream.next()
  const items: Expression[] = []
  while (!stream.isOperator(']')) {
    if (items.length > 0) stream.expect('operator', ',')
    if (stream.isOperator(']')) break
    items.push(parseExpression(stream))
  }
  stream.expect('operator', ']')
  return { kind: 'list', items, at }
}

const dict = (stream: TokenStream): Expression => {
  const { at } = stream.next()
  const entries: (readonly [Expression, Expression])[] = []
  while (!stream.isOperator('}')) {
    if (entries.length > 0) stream.expect('operator', ',')
    if (stream.isOperator('}')) break
    const key = parseExpression(stream)
    stream.expect('operator', ':')
    entries.push([key, parseExpression(stream)])
  }
  stream.expect('operator', '}')
  return { kind: 'dict', entries, at }
}

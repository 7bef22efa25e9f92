import { float, int, type Value } from '../../core/value.js'
import type { BinaryOperator } from '../values/arithmetic.js'
import type { Comparison } from '../values/compare.js'
import type { Expression } from './nodes.js'
import type { Parser } from './parser.js'
import { parseFiltersAndTests, parsePostfix } from './postfix-parser.js'
import { TokenStream } from './token-stream.js'

const MAX_DEPTH = 200

/** Expressions by Jinja2's grammar, loosest binding first. @throws TemplateSyntaxError */
export class ExpressionParser extends TokenStream implements Parser {
  #depth = 0

  expression(): Expression {
    return this.nested(() => condition(this))
  }

  tuple(conditions = true): Expression {
    const { at } = this.current
    const one = conditions ? () => this.expression() : () => or(this)
    const first = one()
    if (!this.isOperator(',')) return first
    const items = [first]
    while (this.skip('operator', ',')) {
      if (endsTuple(this)) break
      items.push(one())
    }
    return { kind: 'tuple', items, at }
  }

  primary(): Expression {
    return primary(this)
  }

  nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail(`expressions nest deeper than ${MAX_DEPTH}`)
    const parsed = parse()
    this.#depth--
    return parsed
  }
}

const endsTuple = (parser: Parser): boolean =>
  ['variable-end', 'block-end', 'end'].includes(parser.current.type) ||
  [')', ']', '=', ':'].some(text => parser.isOperator(text)) ||
  parser.isName('in', 'recursive', 'if')

const condition = (parser: Parser): Expression => {
  let then = or(parser)
  while (parser.isName('if')) {
    const { at } = parser.next()
    const test = or(parser)
    const otherwise = parser.skip('name', 'else') ? parser.expression() : undefined
    then = { kind: 'condition', test, then, otherwise, at }
  }
  return then
}

const or = (parser: Parser): Expression => {
  let left = and(parser)
  while (parser.isName('or')) {
    const { at } = parser.next()
    left = { kind: 'or', left, right: and(parser), at }
  }
  return left
}

const and = (parser: Parser): Expression => {
  let left = not(parser)
  while (parser.isName('and')) {
    const { at } = parser.next()
    left = { kind: 'and', left, right: not(parser), at }
  }
  return left
}

const not = (parser: Parser): Expression => {
  if (!parser.isName('not')) return comparison(parser)
  const { at } = parser.next()
  return { kind: 'unary', op: 'not', of: parser.nested(() => not(parser)), at }
}

const comparisons: ReadonlySet<string> = new Set<Comparison>(['==', '!=', '<', '<=', '>', '>='])

const comparison = (parser: Parser): Expression => {
  const { at } = parser.current
  const first = sum(parser)
  const rest: { op: Comparison; right: Expression; at: number }[] = []
  for (;;) {
    const here = parser.current.at
    const op = comparisonOperator(parser)
    if (op === undefined) break
    rest.push({ op, right: sum(parser), at: here })
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, at }
}

const comparisonOperator = (parser: Parser): Comparison | undefined => {
  if (parser.current.type === 'operator' && comparisons.has(parser.current.text))
    return parser.next().text as Comparison
  if (parser.skip('name', 'in')) return 'in'
  if (parser.isName('not') && parser.following?.type === 'name' && parser.following.text === 'in') {
    parser.next()
    parser.next()
    return 'not in'
  }
  return undefined
}

/** Operators of one level, from left to right. */
const leftToRight =
  (operators: readonly string[], operand: (parser: Parser) => Expression) =>
  (parser: Parser): Expression => {
    let left = operand(parser)
    while (parser.current.type === 'operator' && operators.includes(parser.current.text)) {
      const { text, at } = parser.next()
      left = { kind: 'binary', op: text as BinaryOperator | '~', left, right: operand(parser), at }
    }
    return left
  }

const power = leftToRight(['**'], parser => unary(parser, true))
const product = leftToRight(['*', '/', '//', '%'], power)
const concatenation = leftToRight(['~'], product)
const sum = leftToRight(['+', '-'], concatenation)

const unary = (parser: Parser, filters: boolean): Expression =>
  parser.nested(() => {
    const { at } = parser.current
    const signed = parser.isOperator('-') || parser.isOperator('+')
    const base: Expression = signed
      ? { kind: 'unary', op: parser.next().text as '-' | '+', of: unary(parser, false), at }
      : primary(parser)
    const whole = parsePostfix(parser, base)
    return filters ? parseFiltersAndTests(parser, whole) : whole
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
const primary = (parser: Parser): Expression => {
  const { type, text, at } = parser.current
  switch (type) {
    case 'name': {
      parser.next()
      const value = constants.get(text)
      return value === undefined ? { kind: 'name', name: text, at } : { kind: 'constant', value, at }
    }
    case 'string': {
      let value = ''
      while (parser.current.type === 'string') value += parser.next().text
      return { kind: 'constant', value, at }
    }
    case 'int':
      parser.next()
      return { kind: 'constant', value: int(BigInt(text.replaceAll('_', ''))), at }
    case 'float':
      parser.next()
      return { kind: 'constant', value: float(Number(text.replaceAll('_', ''))), at }
    default:
      if (parser.isOperator('(')) return parenthesised(parser)
      if (parser.isOperator('[')) return list(parser)
      if (parser.isOperator('{')) return dict(parser)
      return parser.fail(`expected an expression, found ${parser.shown()}`)
  }
}

const parenthesised = (parser: Parser): Expression => {
  const { at } = parser.next()
  if (parser.skip('operator', ')')) return { kind: 'tuple', items: [], at }
  const inner = parser.tuple()
  parser.expect('operator', ')')
  return inner
}

const list = (parser: Parser): Expression => {
  const { at } = parser.next()
  const items: Expression[] = []
  while (!parser.isOperator(']')) {
    if (items.length > 0) parser.expect('operator', ',')
    if (parser.isOperator(']')) break
    items.push(parser.expression())
  }
  parser.expect('operator', ']')
  return { kind: 'list', items, at }
}

const dict = (parser: Parser): Expression => {
  const { at } = parser.next()
  const entries: (readonly [Expression, Expression])[] = []
  while (!parser.isOperator('}')) {
    if (entries.length > 0) parser.expect('operator', ',')
    if (parser.isOperator('}')) break
    const key = parser.expression()
    parser.expect('operator', ':')
    entries.push([key, parser.expression()])
  }
  parser.expect('operator', '}')
  return { kind: 'dict', entries, at }
}

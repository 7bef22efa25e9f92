import type { BinaryOperator } from '../values/arithmetic.js'
import type { Comparison } from '../values/compare.js'
import type { Expression } from './nodes.js'
import type { Parser } from './parser.js'
import { parseFiltersAndTests, parsePostfix } from './postfix-parser.js'
import { parsePrimary } from './primary-parser.js'
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
    return parsePrimary(this)
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

/** Binary operators of one precedence, which associate to the left. */
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
      : parser.primary()
    const whole = parsePostfix(parser, base)
    return filters ? parseFiltersAndTests(parser, whole) : whole
  })

import { float, int, type Value } from '../../core/value.js'
import type { Expression } from './nodes.js'
import type { Parser } from './parser.js'

const constants = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** A name, a constant, or an expression in brackets. */
export const parsePrimary = (parser: Parser): Expression => {
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
      return parser.fail(`expected an expression, found ${parser.describeCurrent()}`)
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

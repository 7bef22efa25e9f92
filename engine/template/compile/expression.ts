import { ExpressionError } from '../../core/expr.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import {
  asKey,
  asValue,
  NoElse,
  OperationError,
  rejectUndefined,
  Tuple,
  Undefined,
  UnknownSignal,
} from '../../python/kinds.js'
import type { Eval, Locals } from '../contract.js'
import type { Expression } from '../syntax/nodes.js'
import { given } from '../values/access.js'
import { arithmetic, joined, secret, signed } from '../values/arithmetic.js'
import { compare, not, type Truth, truth } from '../values/compare.js'
import { own } from '../values/method-table.js'
import { slice } from '../values/sequence.js'
import { compileAttribute, compileItem, compileName } from './access.js'
import { compileCall, compileFilter, compileTest } from './call.js'
import type { Context } from './context.js'

/** A closure for an expression. Before an operation that may fail it notes its place in the evaluation. */
export const compileExpressionNode = (node: Expression, context: Context): Eval => {
  const compile = (inner: Expression): Eval => context.expression(inner)
  switch (node.kind) {
    case 'constant': {
      const { value } = node
      return () => value
    }
    case 'name':
      return compileName(node, context)
    case 'attribute':
      return compileAttribute(node, compile(node.of))
    case 'item':
      return compileItem(node, compile(node.of), compile(node.key))
    case 'slice':
      return compileSlice(node, context)
    case 'list':
      return compileList(node.items.map(compile), node.items, context)
    case 'tuple': {
      const items = node.items.map(compile)
      return locals => Tuple.of2(...items.map(item => item(locals)))
    }
    case 'dict': {
      const entries = node.entries.map(([key, value]) => [compile(key), compile(value)] as const)
      return locals => {
        const made = dict(entries.map(([key, value]) => [key(locals), value(locals)] as const))
        return context.mutates ? own(made) : made
      }
    }
    case 'binary':
      return compileBinary(node, compile(node.left), compile(node.right))
    case 'unary':
      return compileUnary(node, compile(node.of))
    case 'and':
    case 'or':
      return compileLogic(node, context)
    case 'compare':
      return compileComparison(node, context)
    case 'condition':
      return compileCondition(node, context)
    case 'call':
      return compileCall(node, compile(node.of), context)
    case 'filter':
      return compileFilter(node, context)
    case 'test':
      return compileTest(node, context)
  }
}

/** A list of constants is made once, unless the template changes lists. */
const compileList = (items: readonly Eval[], nodes: readonly Expression[], { mutates }: Context): Eval => {
  if (mutates) return locals => own(items.map(item => item(locals)))
  const constants = nodes.flatMap(item => (item.kind === 'constant' ? [item.value] : []))
  if (constants.length === items.length) return () => constants
  return locals => items.map(item => item(locals))
}

const dict = (entries: readonly (readonly [Value, Value])[]): Value => {
  const made = new Map()
  for (const [key, value] of entries) {
    if (key instanceof Unknown) return key
    rejectUndefined(key)
    made.set(asKey(key instanceof Secret ? key.reveal() : key), value)
  }
  return made
}

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

const compileSlice = (node: Of<'slice'>, context: Context): Eval => {
  const compile = (inner: Expression | undefined): Eval =>
    inner === undefined ? () => null : context.expression(inner)
  const [of, start, stop, step] = [node.of, node.start, node.stop, node.step].map(compile) as [Eval, Eval, Eval, Eval]
  return locals => {
    const value = of(locals)
    const [from, to, by] = [start(locals), stop(locals), step(locals)]
    for (const one of [value, from, to, by]) if (one instanceof Unknown) return one
    if ((value as unknown) instanceof Undefined) return value
    locals.evaluation.at = node.at
    return value instanceof Secret ? secret(slice(value.reveal(), from, to, by)) : slice(value, from, to, by)
  }
}

const compileBinary = (node: Of<'binary'>, left: Eval, right: Eval): Eval => {
  const { op, at } = node
  return locals => {
    const a = left(locals)
    const b = right(locals)
    locals.evaluation.at = at
    return op === '~' ? joined(a, b, locals.evaluation.budget) : arithmetic(op, a, b, locals.evaluation.budget)
  }
}

const compileUnary = (node: Of<'unary'>, of: Eval): Eval => {
  const { op, at } = node
  if (op === 'not') return locals => not(truth(of(locals)))
  return locals => {
    const value = of(locals)
    locals.evaluation.at = at
    return signed(op, value)
  }
}

/**
 * Python's `and` and `or` give one of their operands. With an unknown on the left the right one decides if it can:
 * `unknown and false` is false, `unknown or true` is true.
 */
const compileLogic = (node: Of<'and' | 'or'>, context: Context): Eval => {
  const left = context.expression(node.left)
  const right = context.guarded(() => context.expression(node.right))
  const stops = node.kind === 'or'
  return locals => {
    const first = left(locals)
    const known = truth(first)
    if (known === stops) return first
    if (typeof known === 'boolean') return right(locals)
    return given(decided(locals, right, stops), () => known)
  }
}

/** What the right operand gives when it alone decides; an error behind an unknown guard is not one yet. */
const decided = (locals: Locals, right: Eval, stops: boolean): Value | undefined => {
  const { unit } = locals.evaluation
  try {
    const second = right(locals)
    return truth(second) === stops ? second : undefined
  } catch (error) {
    locals.evaluation.unit = unit
    if (error instanceof UnknownSignal) return undefined
    if (!(error instanceof OperationError || error instanceof ExpressionError) || error.code === 'budget') throw error
    return undefined
  }
}

const compileComparison = (node: Of<'compare'>, context: Context): Eval => {
  const first = context.expression(node.first)
  const rest = node.rest.map(({ op, right, at }) => ({ op, at, right: context.expression(right) }))
  const [only] = rest
  if (only !== undefined && rest.length === 1) {
    const { op, right, at } = only
    return locals => {
      const a = first(locals)
      const b = right(locals)
      locals.evaluation.at = at
      return compare(op, a, b, locals.evaluation.budget)
    }
  }
  return locals => {
    let result: Truth = true
    let a = first(locals)
    for (const { op, right, at } of rest) {
      const b = right(locals)
      locals.evaluation.at = at
      const one = compare(op, a, b, locals.evaluation.budget)
      if (one === false) return false
      if (one !== true) result = one
      a = b
    }
    return result
  }
}

const compileCondition = (node: Of<'condition'>, context: Context): Eval => {
  const test = context.expression(node.test)
  const [then, otherwise] = context.guarded(() => [
    context.expression(node.then),
    node.otherwise === undefined ? undefined : context.expression(node.otherwise),
  ])
  return locals => {
    const decision = truth(test(locals))
    if (decision instanceof Unknown) return decision
    if (decision) return (then as Eval)(locals)
    if (otherwise !== undefined) return otherwise(locals)
    const { evaluation } = locals
    const { unit } = evaluation
    const missing = new OperationError("the condition is false and there is no 'else'", 'undefined')
    const error = () => {
      const { message, source, code } = evaluation.error(missing, unit, node.at)
      return new NoElse(message, source, undefined, code)
    }
    return asValue(new Undefined(error, 'else', true))
  }
}

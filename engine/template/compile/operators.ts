import { ExpressionError } from '../../core/expr.js'
import { Unknown, type Value } from '../../core/value.js'
import { asValue, NoElse, OperationError, Undefined, UnknownSignal } from '../../python/kinds.js'
import type { Eval, Locals } from '../contract.js'
import type { ExpressionOf } from '../syntax/nodes.js'
import { orElse } from '../values/access.js'
import { arithmetic, concatenate, signed } from '../values/arithmetic.js'
import { compare, not, type Truth, truth } from '../values/compare.js'
import type { Context } from './context.js'

export const compileBinary = (node: ExpressionOf<'binary'>, left: Eval, right: Eval): Eval => {
  const { op, at } = node
  return locals => {
    const a = left(locals)
    const b = right(locals)
    locals.evaluation.at = at
    return op === '~' ? concatenate(a, b, locals.evaluation.budget) : arithmetic(op, a, b, locals.evaluation.budget)
  }
}

export const compileUnary = (node: ExpressionOf<'unary'>, of: Eval): Eval => {
  const { op, at } = node
  if (op === 'not') return locals => not(truth(of(locals)))
  return locals => {
    const value = of(locals)
    locals.evaluation.at = at
    return signed(op, value)
  }
}

/**
 * Python's `and` and `or` return one of their operands. If the left one is unknown, the right one decides where it can:
 * `unknown and false` is false, `unknown or true` is true.
 */
export const compileLogic = (node: ExpressionOf<'and' | 'or'>, context: Context): Eval => {
  const left = context.expression(node.left)
  const right = context.guarded(() => context.expression(node.right))
  const stops = node.kind === 'or'
  return locals => {
    const first = left(locals)
    const known = truth(first)
    if (known === stops) return first
    if (typeof known === 'boolean') return right(locals)
    return orElse(decidedByRight(locals, right, stops), () => known)
  }
}

/**
 * The right operand where it alone decides; otherwise undefined. Its errors are ignored, since the left operand may turn out to guard it:
 * `x is defined and x > 3`.
 */
const decidedByRight = (locals: Locals, right: Eval, stops: boolean): Value | undefined => {
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

export const compileComparison = (node: ExpressionOf<'compare'>, context: Context): Eval => {
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

export const compileCondition = (node: ExpressionOf<'condition'>, context: Context): Eval => {
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

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
import type { Eval } from '../program.js'
import type { Frame } from '../runtime/evaluation.js'
import type { Expression } from '../syntax/nodes.js'
import { given } from '../values/access.js'
import { arithmetic, joined, secret, signed } from '../values/arithmetic.js'
import { compare, not, type Truth, truth } from '../values/compare.js'
import { own } from '../values/method-table.js'
import { slice } from '../values/sequence.js'
import { compileAttribute, compileItem, compileName } from './access.js'
import { compileCall, compileFilter, compileTest } from './call.js'
import type { Context } from './context.js'

/** A closure for an expression. Before an operation that may fail it notes its place in the run. */
export const compileExpressionNode = (node: Expression, context: Context): Eval => {
  const compile = (inner: Expression): Eval => compileExpressionNode(inner, context)
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
      return frame => Tuple.of2(...items.map(item => item(frame)))
    }
    case 'dict': {
      const entries = node.entries.map(([key, value]) => [compile(key), compile(value)] as const)
      return frame => {
        const made = dict(entries.map(([key, value]) => [key(frame), value(frame)] as const))
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
  if (mutates) return frame => own(items.map(item => item(frame)))
  const constants = nodes.flatMap(item => (item.kind === 'constant' ? [item.value] : []))
  if (constants.length === items.length) return () => constants
  return frame => items.map(item => item(frame))
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
    inner === undefined ? () => null : compileExpressionNode(inner, context)
  const [of, start, stop, step] = [node.of, node.start, node.stop, node.step].map(compile) as [Eval, Eval, Eval, Eval]
  return frame => {
    const value = of(frame)
    const [from, to, by] = [start(frame), stop(frame), step(frame)]
    for (const one of [value, from, to, by]) if (one instanceof Unknown) return one
    if ((value as unknown) instanceof Undefined) return value
    frame.run.at = node.at
    return value instanceof Secret ? secret(slice(value.reveal(), from, to, by)) : slice(value, from, to, by)
  }
}

const compileBinary = (node: Of<'binary'>, left: Eval, right: Eval): Eval => {
  const { op, at } = node
  return frame => {
    const a = left(frame)
    const b = right(frame)
    frame.run.at = at
    return op === '~' ? joined(a, b, frame.run.budget) : arithmetic(op, a, b, frame.run.budget)
  }
}

const compileUnary = (node: Of<'unary'>, of: Eval): Eval => {
  const { op, at } = node
  if (op === 'not') return frame => not(truth(of(frame)))
  return frame => {
    const value = of(frame)
    frame.run.at = at
    return signed(op, value)
  }
}

/**
 * Python's `and` and `or` give one of their operands. With an unknown on the left the right one decides if it can:
 * `unknown and false` is false, `unknown or true` is true.
 */
const compileLogic = (node: Of<'and' | 'or'>, context: Context): Eval => {
  const left = compileExpressionNode(node.left, context)
  const right = context.guarded(() => compileExpressionNode(node.right, context))
  const stops = node.kind === 'or'
  return frame => {
    const first = left(frame)
    const known = truth(first)
    if (known === stops) return first
    if (typeof known === 'boolean') return right(frame)
    return given(decided(frame, right, stops), () => known)
  }
}

/** What the right operand gives when it alone decides; an error behind an unknown guard is not one yet. */
const decided = (frame: Frame, right: Eval, stops: boolean): Value | undefined => {
  const { unit } = frame.run
  try {
    const second = right(frame)
    return truth(second) === stops ? second : undefined
  } catch (error) {
    frame.run.unit = unit
    if (error instanceof UnknownSignal) return undefined
    if (!(error instanceof OperationError || error instanceof ExpressionError) || error.code === 'budget') throw error
    return undefined
  }
}

const compileComparison = (node: Of<'compare'>, context: Context): Eval => {
  const first = compileExpressionNode(node.first, context)
  const rest = node.rest.map(({ op, right, at }) => ({ op, at, right: compileExpressionNode(right, context) }))
  const [only] = rest
  if (only !== undefined && rest.length === 1) {
    const { op, right, at } = only
    return frame => {
      const a = first(frame)
      const b = right(frame)
      frame.run.at = at
      return compare(op, a, b, frame.run.budget)
    }
  }
  return frame => {
    let result: Truth = true
    let a = first(frame)
    for (const { op, right, at } of rest) {
      const b = right(frame)
      frame.run.at = at
      const one = compare(op, a, b, frame.run.budget)
      if (one === false) return false
      if (one !== true) result = one
      a = b
    }
    return result
  }
}

const compileCondition = (node: Of<'condition'>, context: Context): Eval => {
  const test = compileExpressionNode(node.test, context)
  const [then, otherwise] = context.guarded(() => [
    compileExpressionNode(node.then, context),
    node.otherwise === undefined ? undefined : compileExpressionNode(node.otherwise, context),
  ])
  return frame => {
    const decision = truth(test(frame))
    if (decision instanceof Unknown) return decision
    if (decision) return (then as Eval)(frame)
    if (otherwise !== undefined) return otherwise(frame)
    const { run } = frame
    const { unit } = run
    const missing = new OperationError("the condition is false and there is no 'else'", 'undefined')
    const error = () => {
      const { message, source, code } = run.error(missing, unit, node.at)
      return new NoElse(message, source, undefined, code)
    }
    return asValue(new Undefined(error, 'else', true))
  }
}

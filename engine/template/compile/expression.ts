import { Secret, Unknown, type Value } from '../../core/value.js'
import { asKey, rejectUndefined, Tuple, Undefined } from '../../python/kinds.js'
import type { Eval } from '../contract.js'
import type { Expression, ExpressionOf } from '../syntax/nodes.js'
import { asSecret } from '../values/arithmetic.js'
import { markOwned } from '../values/method-table.js'
import { slice } from '../values/sequence.js'
import { compileAttribute, compileItem, compileName } from './access.js'
import { compileCall, compileFilter, compileTest } from './call.js'
import type { Context } from './context.js'
import { compileBinary, compileComparison, compileCondition, compileLogic, compileUnary } from './operators.js'

/** Compiles an expression to a closure, which notes its offset in the evaluation before an operation that may fail. */
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
        return context.mutates ? markOwned(made) : made
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

/** A list of constants is made once and shared, unless the template changes lists. */
const compileList = (items: readonly Eval[], nodes: readonly Expression[], { mutates }: Context): Eval => {
  if (mutates) return locals => markOwned(items.map(item => item(locals)))
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

const compileSlice = (node: ExpressionOf<'slice'>, context: Context): Eval => {
  const compile = (inner: Expression | undefined): Eval =>
    inner === undefined ? () => null : context.expression(inner)
  const [of, start, stop, step] = [node.of, node.start, node.stop, node.step].map(compile) as [Eval, Eval, Eval, Eval]
  return locals => {
    const value = of(locals)
    const [from, to, by] = [start(locals), stop(locals), step(locals)]
    for (const one of [value, from, to, by]) if (one instanceof Unknown) return one
    if ((value as unknown) instanceof Undefined) return value
    locals.evaluation.at = node.at
    return value instanceof Secret ? asSecret(slice(value.reveal(), from, to, by)) : slice(value, from, to, by)
  }
}

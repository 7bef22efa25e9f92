import type { Value } from '../../core/value.js'
import { OperationError, rejectUndefined } from '../../python/kinds.js'
import type { Eval, Exec, Flow, Locals } from '../contract.js'
import type { Expression, Statement, StatementOf } from '../syntax/nodes.js'
import { knownTruth } from '../values/compare.js'
import { compileFilter } from './call.js'
import type { Context } from './context.js'
import { compileFrom, compileImport, compileInclude } from './include.js'
import { compileFor } from './loop.js'
import { compileCallBlock, compileMacro } from './macro.js'
import { captured } from './output.js'
import { compileTarget } from './target.js'

export const compileBody = (body: readonly Statement[], context: Context): Exec => {
  const all = body.map(one => compileStatement(one, context))
  const [only] = all
  if (only !== undefined && all.length === 1) return only
  return (locals, out) => {
    for (const one of all) {
      const flow = one(locals, out)
      if (flow !== undefined) return flow
    }
    return undefined
  }
}

const compileStatement = (node: Statement, context: Context): Exec => {
  switch (node.kind) {
    case 'data':
      return (locals, out) => {
        locals.evaluation.budget.grow(node.text.length)
        out.push(node.text)
        return undefined
      }
    case 'output':
      return compileOutput(context.expression(node.of), node.at)
    case 'if':
      return compileIf(node, context)
    case 'for':
      return compileFor(node, context)
    case 'set': {
      const value = context.expression(node.value)
      const assign = compileTarget(node.target)
      return locals => void assign(locals, value(locals))
    }
    case 'set-block':
      return compileSetBlock(node, context)
    case 'filter-block':
      return compileFilterBlock(node, context)
    case 'with':
      return compileWith(node, context)
    case 'do': {
      const value = context.expression(node.of)
      return locals => void rejectUndefined(value(locals))
    }
    case 'macro':
      return compileMacro(node, context)
    case 'call-block':
      return compileCallBlock(node, context)
    case 'include':
      return compileInclude(node, context)
    case 'import':
      return compileImport(node, context)
    case 'from':
      return compileFrom(node, context)
    case 'block': {
      const body = context.body(node.body)
      return (locals, out) => body(locals.inner(), out)
    }
    case 'break':
    case 'continue': {
      const flow: Flow = node.kind
      return () => flow
    }
  }
}

const compileOutput =
  (value: Eval, at: number): Exec =>
  (locals, out) => {
    const piece = value(locals)
    locals.evaluation.at = at
    if (typeof piece === 'string') locals.evaluation.budget.grow(piece.length)
    if (piece !== null) out.push(piece)
    return undefined
  }

const compileIf = (node: StatementOf<'if'>, context: Context): Exec => {
  const branches = node.branches.map(({ test, body }, index) => {
    const compile = (): Eval => context.expression(test)
    return {
      test: index === 0 ? compile() : context.guarded(compile),
      body: context.guarded(() => context.body(body)),
    }
  })
  const otherwise = context.guarded(() => context.body(node.otherwise))
  return (locals, out) => {
    for (const { test, body } of branches) if (knownTruth(test(locals))) return body(locals, out)
    return otherwise(locals, out)
  }
}

const BLOCK = '\0block'

/** Applies a chain of filters to the text of a block. */
const compileOver = (filter: Expression, context: Context): ((locals: Locals, block: Value) => Value) => {
  if (filter.kind !== 'filter') throw new OperationError('a filter was expected')
  const chain = compileFilter(filter, context, locals => locals.get(BLOCK) ?? null)
  return (locals, block) => {
    const inner = locals.inner()
    inner.set(BLOCK, block)
    return chain(inner)
  }
}

const compileSetBlock = (node: StatementOf<'set-block'>, context: Context): Exec => {
  const body = context.body(node.body)
  const assign = compileTarget(node.target)
  const over = node.filter === undefined ? undefined : compileOver(node.filter, context)
  return locals => {
    const value = captured(locals, out => body(locals.inner(), out))
    assign(locals, over === undefined ? value : over(locals, value ?? ''))
    return undefined
  }
}

const compileFilterBlock = (node: StatementOf<'filter-block'>, context: Context): Exec => {
  const body = context.body(node.body)
  const over = compileOver(node.filter, context)
  return (locals, out) => {
    const text = captured(locals, pieces => body(locals.inner(), pieces))
    out.push(over(locals, text ?? ''))
    return undefined
  }
}

const compileWith = (node: StatementOf<'with'>, context: Context): Exec => {
  const values = node.values.map(({ target, value }) => ({
    assign: compileTarget(target),
    value: context.expression(value),
  }))
  const body = context.body(node.body)
  return (locals, out) => {
    const inner = locals.inner()
    for (const { assign, value } of values) assign(inner, value(locals))
    return body(inner, out)
  }
}

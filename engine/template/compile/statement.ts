import { Unknown, type Value } from '../../core/value.js'
import { aType, isList, OperationError, rejectUndefined, UnknownSignal } from '../../python/kinds.js'
import type { Eval, Exec, Flow } from '../program.js'
import { Frame } from '../runtime/evaluation.js'
import type { Expression, Statement, Target } from '../syntax/nodes.js'
import { type Truth, truth } from '../values/compare.js'
import { Namespace } from '../values/namespace.js'
import { compileFilter } from './call.js'
import type { Context } from './context.js'
import { compileExpressionNode } from './expression.js'
import { compileFrom, compileImport, compileInclude } from './include.js'
import { compileFor } from './loop.js'
import { compileCallBlock, compileMacro } from './macro.js'
import { captured } from './output.js'

export const compileBody = (body: readonly Statement[], context: Context): Exec => {
  const all = body.map(one => compileStatement(one, context))
  const [only] = all
  if (only !== undefined && all.length === 1) return only
  return (frame, out) => {
    for (const one of all) {
      const flow = one(frame, out)
      if (flow !== undefined) return flow
    }
    return undefined
  }
}

const compileStatement = (node: Statement, context: Context): Exec => {
  switch (node.kind) {
    case 'data':
      return (frame, out) => {
        frame.run.budget.grow(node.text.length)
        out.push(node.text)
        return undefined
      }
    case 'output':
      return compileOutput(compileExpressionNode(node.of, context), node.at)
    case 'if':
      return compileIf(node, context)
    case 'for':
      return compileFor(node, context)
    case 'set': {
      const value = compileExpressionNode(node.value, context)
      const assign = compileTarget(node.target)
      return frame => void assign(frame, value(frame))
    }
    case 'set-block':
      return compileSetBlock(node, context)
    case 'filter-block':
      return compileFilterBlock(node, context)
    case 'with':
      return compileWith(node, context)
    case 'do': {
      const value = compileExpressionNode(node.of, context)
      return frame => void rejectUndefined(value(frame))
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
      const body = compileBody(node.body, context)
      return (frame, out) => body(new Frame(frame.run, frame), out)
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
  (frame, out) => {
    const piece = value(frame)
    frame.run.at = at
    if (typeof piece === 'string') frame.run.budget.grow(piece.length)
    if (piece !== null) out.push(piece)
    return undefined
  }

/** What decides a statement must be known, or nothing after it is. */
export const decide = (value: Truth): boolean => {
  if (value instanceof Unknown) throw new UnknownSignal(value)
  return value
}

const compileIf = (node: Extract<Statement, { kind: 'if' }>, context: Context): Exec => {
  const branches = node.branches.map(({ test, body }, index) => {
    const compile = (): Eval => compileExpressionNode(test, context)
    return {
      test: index === 0 ? compile() : context.guarded(compile),
      body: context.guarded(() => compileBody(body, context)),
    }
  })
  const otherwise = context.guarded(() => compileBody(node.otherwise, context))
  return (frame, out) => {
    for (const { test, body } of branches) if (decide(truth(test(frame)))) return body(frame, out)
    return otherwise(frame, out)
  }
}

/** Puts a value under a name, under several (a tuple), or on a namespace. */
export const compileTarget = (target: Target): ((frame: Frame, value: Value) => void) => {
  if (target.kind === 'name') return (frame, value) => frame.set(target.name, value)
  if (target.kind === 'tuple') {
    const parts = target.items.map(compileTarget)
    return (frame, value) => unpack(frame, value, parts)
  }
  return (frame, value) => {
    const space = frame.get(target.name) as unknown
    if (!(space instanceof Namespace)) {
      throw new OperationError(
        `'${target.name}' is not a namespace`,
        'type',
        `{% set ${target.name} = namespace() %} comes first`,
      )
    }
    space.set(target.attribute, value)
  }
}

const unpack = (frame: Frame, value: Value, parts: readonly ((frame: Frame, value: Value) => void)[]): void => {
  if (value instanceof Unknown) throw new UnknownSignal(value)
  rejectUndefined(value)
  const list = value instanceof Map ? [...value.keys()] : typeof value === 'string' ? [...value] : value
  if (!isList(list as Value))
    throw new OperationError(`${aType(value)} cannot be taken apart into ${parts.length} names`)
  const all = list as readonly Value[]
  if (all.length !== parts.length) throw new OperationError(`there are ${all.length} values for ${parts.length} names`)
  for (const [index, part] of parts.entries()) part(frame, all[index] ?? null)
}

const BLOCK = '\0block'

/** A chain of filters over the text of a block. */
const compileOver = (filter: Expression, context: Context): ((frame: Frame, block: Value) => Value) => {
  if (filter.kind !== 'filter') throw new OperationError('a filter was expected')
  const chain = compileFilter(filter, context, frame => frame.get(BLOCK) ?? null)
  return (frame, block) => {
    const inner = new Frame(frame.run, frame)
    inner.set(BLOCK, block)
    return chain(inner)
  }
}

const compileSetBlock = (node: Extract<Statement, { kind: 'set-block' }>, context: Context): Exec => {
  const body = compileBody(node.body, context)
  const assign = compileTarget(node.target)
  const over = node.filter === undefined ? undefined : compileOver(node.filter, context)
  return frame => {
    const value = captured(frame, out => body(new Frame(frame.run, frame), out))
    assign(frame, over === undefined ? value : over(frame, value ?? ''))
    return undefined
  }
}

const compileFilterBlock = (node: Extract<Statement, { kind: 'filter-block' }>, context: Context): Exec => {
  const body = compileBody(node.body, context)
  const over = compileOver(node.filter, context)
  return (frame, out) => {
    const text = captured(frame, pieces => body(new Frame(frame.run, frame), pieces))
    out.push(over(frame, text ?? ''))
    return undefined
  }
}

const compileWith = (node: Extract<Statement, { kind: 'with' }>, context: Context): Exec => {
  const values = node.values.map(({ target, value }) => ({
    assign: compileTarget(target),
    value: compileExpressionNode(value, context),
  }))
  const body = compileBody(node.body, context)
  return (frame, out) => {
    const inner = new Frame(frame.run, frame)
    for (const { assign, value } of values) assign(inner, value(frame))
    return body(inner, out)
  }
}

import { didYouMean } from '../../config/did-you-mean.js'
import { LazyDict } from '../../core/lazy-dict.js'
import { Perhaps, Unknown, Unsafe, type Value } from '../../core/value.js'
import { asValue, OperationError, Undefined } from '../../python/kinds.js'
import type { Eval, Evaluation, Locals } from '../contract.js'
import type { Expression, ExpressionOf } from '../syntax/nodes.js'
import { attribute, item, noAttribute, undefinedFrom } from '../values/access.js'
import type { Context } from './context.js'

/** A variable: one that the template set itself, else the host's, else a function or value that every template has. */
export const compileName = ({ name, at }: ExpressionOf<'name'>, context: Context): Eval => {
  const builtIn = context.env.globals.get(name)
  if (!context.dynamic && !context.localNames.has(name)) {
    context.mention(name)
    return locals => globalValue(locals, name, at, builtIn)
  }
  context.mentionLocal(name)
  return locals => {
    const found = locals.get(name)
    return found === undefined ? globalValue(locals, name, at, builtIn) : found
  }
}

const globalValue = ({ evaluation }: Locals, name: string, at: number, builtIn: Value | undefined): Value => {
  try {
    const found = evaluation.scope.get(name)
    if (found !== undefined) return found instanceof Unsafe ? found.text : found
  } catch (error) {
    return undefinedFrom(error, name)
  }
  return builtIn ?? (name === 'vars' ? allVariables(evaluation) : undefinedName(evaluation, name, at))
}

/** `vars`, where the scope has no variable of that name. */
const allVariables = ({ scope }: Evaluation): Value =>
  new LazyDict(
    () => scope.names(),
    key => scope.get(String(key)),
  )

const undefinedName = (evaluation: Evaluation, name: string, at: number): Value => {
  const { unit } = evaluation
  if (evaluation.scope.open !== undefined) return new Perhaps(evaluation.scope.open.waitsFor)
  const error = () => {
    const known = [...evaluation.scope.names(), ...evaluation.env.globals.keys()]
    return evaluation.error(
      new OperationError(`'${name}' is undefined`, 'undefined', didYouMean(name, known)),
      unit,
      at,
    )
  }
  return asValue(new Undefined(error, name))
}

export const compileAttribute = (node: ExpressionOf<'attribute'>, of: Eval): Eval => {
  const { name, at } = node
  return locals => {
    const value = of(locals)
    if ((value as unknown) instanceof Undefined) return value
    locals.evaluation.at = at
    const found = attribute(value, name)
    return found === undefined ? missingMember(locals.evaluation, node.of, value, name, at) : found
  }
}

export const compileItem = (node: ExpressionOf<'item'>, of: Eval, key: Eval): Eval => {
  const { at } = node
  return locals => {
    const value = of(locals)
    const which = key(locals)
    if ((value as unknown) instanceof Undefined) return value
    locals.evaluation.at = at
    const found = item(value, which)
    return found === undefined ? missingMember(locals.evaluation, node.of, value, which, at) : found
  }
}

const missingMember = (evaluation: Evaluation, of: Expression, value: Value, key: Value, at: number): Value => {
  const { unit } = evaluation
  const error = () => evaluation.error(noAttribute(describe(of), value, key), unit, at)
  return asValue(new Undefined(error, typeof key === 'string' ? key : ''))
}

/** How messages name an expression: by its path, such as `a.b[0]`, where it has one. */
export const describe = (node: Expression): string => {
  const path = pathOf(node)
  return path === undefined ? 'the value' : `'${path}'`
}

const pathOf = (node: Expression): string | undefined => {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'attribute' && node.kind !== 'item') return undefined
  const of = pathOf(node.of)
  if (of === undefined) return undefined
  if (node.kind === 'attribute') return `${of}.${node.name}`
  if (node.key.kind !== 'constant' || node.key.value instanceof Unknown) return undefined
  return typeof node.key.value === 'string' ? `${of}['${node.key.value}']` : `${of}[${String(node.key.value)}]`
}

import { Unknown, type Value } from '../../core/value.js'
import {
  asValue,
  aType,
  isList,
  OperationError,
  rejectUndefined,
  Undefined,
  UnknownSignal,
} from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Eval, Exec, Locals, TemplateEnvOptions, Unit } from '../contract.js'
import { outside } from '../runtime/call-controller.js'
import { LocalVariables } from '../runtime/locals.js'
import type { Statement } from '../syntax/nodes.js'
import { given } from '../values/access.js'
import { TemplateModule } from '../values/namespace.js'
import type { Context } from './context.js'

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

type Include = TemplateEnvOptions['include']

const MAX_DEPTH = 50

/** `{% include %}`: the other file's text, with the variables in sight here. */
export const compileInclude = (node: Of<'include'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return (locals, out) => {
    locals.evaluation.at = node.at
    const unit = open(locals, names(name, locals), node.optional)
    if (unit !== undefined) runUnit(context, locals, unit, locals.inner(), out)
    return undefined
  }
}

export const compileImport = (node: Of<'import'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return locals => void locals.set(node.as, asValue(load(context, locals, name, node.at)))
}

export const compileFrom = (node: Of<'from'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return locals => {
    const module = load(context, locals, name, node.at)
    for (const one of node.names)
      locals.set(
        one.as,
        given(module.attribute(one.name), () => notThere(locals, module, one.name)),
      )
    return undefined
  }
}

const notThere = ({ evaluation }: Locals, module: TemplateModule, name: string): Value => {
  const { unit, at } = evaluation
  const missing = new OperationError(`'${module.name}' does not set '${name}'`, 'undefined')
  return asValue(new Undefined(() => evaluation.error(missing, unit, at), name))
}

const load = (context: Context, locals: Locals, name: Eval, at: number): TemplateModule => {
  locals.evaluation.at = at
  const wanted = names(name, locals)
  const unit = open(locals, wanted, false) as Unit
  const inner = new LocalVariables(locals.evaluation)
  runUnit(context, locals, unit, inner, [])
  return new TemplateModule(wanted.join(', '), inner.vars ?? new Map())
}

/** A name, or a list of which the first that exists is taken. */
const names = (name: Eval, locals: Locals): readonly string[] => {
  const value = name(locals)
  if (value instanceof Unknown) throw new UnknownSignal(value)
  rejectUndefined(value)
  return (isList(value) ? value : [value]).map(one => {
    if (typeof one !== 'string') throw new OperationError(`a template's name is text, not ${aType(one)}`)
    return text(one)
  })
}

/** A file that is not there is not an error yet: there may be another, or it may be optional. */
const read = (include: Include, name: string, from: string | undefined): ReturnType<NonNullable<Include>> => {
  try {
    return include?.(name, from)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

const open = ({ evaluation }: Locals, wanted: readonly string[], optional: boolean): Unit | undefined => {
  const { include } = evaluation.env.options
  for (const name of wanted) {
    const found = outside(`the template '${name}' cannot be read`, () =>
      read(include, name, evaluation.unit.source?.file),
    )
    if (found === undefined) continue
    return { text: found.text, source: { file: found.file, line: 1, col: 1 }, syntax: evaluation.unit.syntax }
  }
  if (optional) return undefined
  throw new OperationError(
    include === undefined
      ? 'templates inside YAML cannot include files'
      : `there is no template ${wanted.map(one => `'${one}'`).join(' or ')}`,
    'lookup',
  )
}

const runUnit = ({ grammar }: Context, { evaluation }: Locals, unit: Unit, inner: Locals, out: Value[]): void => {
  if (++evaluation.includes > MAX_DEPTH)
    throw new OperationError(`templates include each other more than ${MAX_DEPTH} deep`, 'recursion')
  const before = evaluation.unit
  evaluation.unit = unit
  grammar.included(unit, evaluation.env)(inner, out)
  evaluation.unit = before
  evaluation.includes--
}

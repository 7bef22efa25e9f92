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
import { callController } from '../runtime/call-controller.js'
import { LocalVariables } from '../runtime/locals.js'
import type { StatementOf } from '../syntax/nodes.js'
import { orElse } from '../values/access.js'
import { TemplateModule } from '../values/namespace.js'
import type { Context } from './context.js'

type Include = TemplateEnvOptions['include']

const MAX_DEPTH = 50

/** `{% include %}`: the text of the other template, which sees the variables of this one. */
export const compileInclude = (node: StatementOf<'include'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return (locals, out) => {
    locals.evaluation.at = node.at
    const unit = findTemplate(locals, wantedNames(name, locals), node.optional)
    if (unit !== undefined) runTemplate(context, locals, unit, locals.inner(), out)
    return undefined
  }
}

export const compileImport = (node: StatementOf<'import'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return locals => void locals.set(node.as, asValue(importTemplate(context, locals, name, node.at)))
}

export const compileFrom = (node: StatementOf<'from'>, context: Context): Exec => {
  const name = context.expression(node.name)
  return locals => {
    const module = importTemplate(context, locals, name, node.at)
    for (const one of node.names)
      locals.set(
        one.as,
        orElse(module.attribute(one.name), () => missingName(locals, module, one.name)),
      )
    return undefined
  }
}

const missingName = ({ evaluation }: Locals, module: TemplateModule, name: string): Value => {
  const { unit, at } = evaluation
  const missing = new OperationError(`'${module.name}' does not set '${name}'`, 'undefined')
  return asValue(new Undefined(() => evaluation.error(missing, unit, at), name))
}

const importTemplate = (context: Context, locals: Locals, name: Eval, at: number): TemplateModule => {
  locals.evaluation.at = at
  const wanted = wantedNames(name, locals)
  const unit = findTemplate(locals, wanted, false) as Unit
  const inner = new LocalVariables(locals.evaluation)
  runTemplate(context, locals, unit, inner, [])
  return new TemplateModule(wanted.join(', '), inner.vars ?? new Map())
}

/** The names of the templates to try in turn: one name, or a list. */
const wantedNames = (name: Eval, locals: Locals): readonly string[] => {
  const value = name(locals)
  if (value instanceof Unknown) throw new UnknownSignal(value)
  rejectUndefined(value)
  return (isList(value) ? value : [value]).map(one => {
    if (typeof one !== 'string') throw new OperationError(`a template's name is text, not ${aType(one)}`)
    return text(one)
  })
}

/** A missing file is not an error yet: there may be another name, or the include may be optional. */
const readTemplate = (include: Include, name: string, from: string | undefined): ReturnType<NonNullable<Include>> => {
  try {
    return include?.(name, from)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

const findTemplate = ({ evaluation }: Locals, wanted: readonly string[], optional: boolean): Unit | undefined => {
  const { include } = evaluation.env.options
  for (const name of wanted) {
    const found = callController(`the template '${name}' cannot be read`, () =>
      readTemplate(include, name, evaluation.unit.source?.file),
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

const runTemplate = ({ grammar }: Context, { evaluation }: Locals, unit: Unit, inner: Locals, out: Value[]): void => {
  if (++evaluation.includes > MAX_DEPTH)
    throw new OperationError(`templates include each other more than ${MAX_DEPTH} deep`, 'recursion')
  const before = evaluation.unit
  evaluation.unit = unit
  grammar.included(unit, evaluation.env)(inner, out)
  evaluation.unit = before
  evaluation.includes--
}

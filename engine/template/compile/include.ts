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
import type { TemplateEnvOptions } from '../env.js'
import type { Eval, Exec } from '../program.js'
import { outside } from '../runtime/call-controller.js'
import { Frame, type Unit } from '../runtime/evaluation.js'
import type { Statement } from '../syntax/nodes.js'
import { given } from '../values/access.js'
import { TemplateModule } from '../values/namespace.js'
import type { Context } from './context.js'
import { compileExpressionNode } from './expression.js'
import { compileTemplateText } from './program.js'

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

type Include = TemplateEnvOptions['include']

const MAX_DEPTH = 50

/** `{% include %}`: the other file's text, with the variables in sight here. */
export const compileInclude = (node: Of<'include'>, context: Context): Exec => {
  const name = compileExpressionNode(node.name, context)
  return (frame, out) => {
    frame.run.at = node.at
    const unit = open(frame, names(name, frame), node.optional)
    if (unit !== undefined) runUnit(frame, unit, new Frame(frame.run, frame), out)
    return undefined
  }
}

export const compileImport = (node: Of<'import'>, context: Context): Exec => {
  const name = compileExpressionNode(node.name, context)
  return frame => void frame.set(node.as, asValue(load(frame, name, node.at)))
}

export const compileFrom = (node: Of<'from'>, context: Context): Exec => {
  const name = compileExpressionNode(node.name, context)
  return frame => {
    const module = load(frame, name, node.at)
    for (const one of node.names)
      frame.set(
        one.as,
        given(module.attribute(one.name), () => notThere(frame, module, one.name)),
      )
    return undefined
  }
}

const notThere = ({ run }: Frame, module: TemplateModule, name: string): Value => {
  const { unit, at } = run
  const missing = new OperationError(`'${module.name}' does not set '${name}'`, 'undefined')
  return asValue(new Undefined(() => run.error(missing, unit, at), name))
}

const load = (frame: Frame, name: Eval, at: number): TemplateModule => {
  frame.run.at = at
  const wanted = names(name, frame)
  const unit = open(frame, wanted, false) as Unit
  const inner = new Frame(frame.run)
  runUnit(frame, unit, inner, [])
  return new TemplateModule(wanted.join(', '), inner.vars ?? new Map())
}

/** A name, or a list of which the first that exists is taken. */
const names = (name: Eval, frame: Frame): readonly string[] => {
  const value = name(frame)
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

const open = ({ run }: Frame, wanted: readonly string[], optional: boolean): Unit | undefined => {
  const { include } = run.env.options
  for (const name of wanted) {
    const found = outside(`the template '${name}' cannot be read`, () => read(include, name, run.unit.source?.file))
    if (found === undefined) continue
    return { text: found.text, source: { file: found.file, line: 1, col: 1 }, syntax: run.unit.syntax }
  }
  if (optional) return undefined
  throw new OperationError(
    include === undefined
      ? 'templates inside YAML cannot include files'
      : `there is no template ${wanted.map(one => `'${one}'`).join(' or ')}`,
    'lookup',
  )
}

const runUnit = ({ run }: Frame, unit: Unit, inner: Frame, out: Value[]): void => {
  if (++run.includes > MAX_DEPTH)
    throw new OperationError(`templates include each other more than ${MAX_DEPTH} deep`, 'recursion')
  const before = run.unit
  run.unit = unit
  compileTemplateText(unit.text, unit.syntax, run.env, unit.source, true).body(inner, out)
  run.unit = before
  run.includes--
}

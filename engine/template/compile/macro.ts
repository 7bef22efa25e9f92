import { didYouMean } from '../../config/did-you-mean.js'
import { Unknown, type Value } from '../../core/value.js'
import { asValue, Lenient, OperationError, Tuple, Undefined } from '../../python/kinds.js'
import type { Eval, Exec } from '../program.js'
import { Frame } from '../runtime/evaluation.js'
import type { Parameter, Statement } from '../syntax/nodes.js'
import { call, compileArguments } from './call.js'
import type { Context } from './context.js'
import { compileExpressionNode } from './expression.js'
import { captured } from './output.js'
import { compileBody } from './statement.js'

export const compileMacro = (node: Extract<Statement, { kind: 'macro' }>, context: Context): Exec => {
  const make = compileFunction(node.name, node.parameters, node.body, context)
  return frame => void frame.set(node.name, make(frame))
}

/** `{% call(x) macro(…) %}body{% endcall %}`: the macro sees the body as `caller`. */
export const compileCallBlock = (node: Extract<Statement, { kind: 'call-block' }>, context: Context): Exec => {
  if (node.call.kind !== 'call') throw new OperationError('a call was expected')
  const callee = compileExpressionNode(node.call.of, context)
  const given = compileArguments(node.call.args, context)
  const make = compileFunction('caller', node.parameters, node.body, context)
  return (frame, out) => {
    const target = callee(frame)
    const passed = given(frame)
    frame.run.at = node.at
    if (passed instanceof Unknown) out.push(passed)
    else {
      const named = new Map([...passed.named, ['caller', make(frame)]])
      out.push(call(frame, target, { args: passed.args, named }, 'the macro'))
    }
    return undefined
  }
}

interface Macro {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly initial: Eval | undefined }[]
  readonly body: Exec
  /** The special names that the body uses: it takes such arguments only then. */
  readonly uses: ReadonlySet<string>
}

/** A closure that makes the function, which sees the variables of the place where it was defined. */
const compileFunction = (
  name: string,
  parameters: readonly Parameter[],
  body: readonly Statement[],
  context: Context,
): ((frame: Frame) => Lenient) => {
  const uses = new Set<string>()
  const macro: Macro = context.guarded(() => ({
    name,
    parameters: parameters.map(one => ({
      name: one.name,
      initial: one.initial === undefined ? undefined : compileExpressionNode(one.initial, context),
    })),
    body: context.watching(uses, () => compileBody(body, context)),
    uses,
  }))
  return frame => {
    const { unit } = frame.run
    return new Lenient(name, (args, named) => {
      frame.run.budget.step()
      const before = frame.run.unit
      const inner = new Frame(frame.run, frame)
      bindParameters(inner, macro, args, named)
      frame.run.unit = unit
      const made = captured(frame, out => macro.body(inner, out))
      frame.run.unit = before
      return made ?? ''
    })
  }
}

const bindParameters = (
  frame: Frame,
  { name: macro, parameters, uses }: Macro,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): void => {
  for (const [index, { name, initial }] of parameters.entries()) {
    const passed = index < args.length ? args[index] : named.get(name)
    const value = passed === undefined ? initial?.(frame) : passed
    frame.set(name, value === undefined ? notGiven(frame, macro, name) : value)
  }
  const more = args.slice(parameters.length)
  if (uses.has('varargs')) frame.set('varargs', Tuple.of2(...more))
  else if (more.length > 0)
    throw new OperationError(`${macro}() takes at most ${parameters.length}; ${args.length} were given`)
  const known = parameters.map(one => one.name)
  const rest = new Map([...named].filter(([name]) => name !== 'caller' && !known.includes(name)))
  const [strange] = rest.keys()
  if (uses.has('kwargs')) frame.set('kwargs', rest)
  else if (strange !== undefined)
    throw new OperationError(`${macro}() has no parameter '${strange}'`, 'type', didYouMean(strange, known))
  const caller = named.get('caller')
  if (caller !== undefined) frame.set('caller', caller)
}

const notGiven = (frame: Frame, macro: string, name: string): Value => {
  const { run } = frame
  const { unit, at } = run
  const missing = new OperationError(`the parameter '${name}' of ${macro}() was not given`, 'undefined')
  return asValue(new Undefined(() => run.error(missing, unit, at), name))
}

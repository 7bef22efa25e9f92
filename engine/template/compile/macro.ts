import { didYouMean } from '../../config/did-you-mean.js'
import { Unknown, type Value } from '../../core/value.js'
import { asValue, Lenient, OperationError, Tuple, Undefined } from '../../python/kinds.js'
import type { Eval, Exec, Locals } from '../contract.js'
import type { Parameter, Statement, StatementOf } from '../syntax/nodes.js'
import { call, compileArguments } from './call.js'
import type { Context } from './context.js'
import { captured } from './output.js'

export const compileMacro = (node: StatementOf<'macro'>, context: Context): Exec => {
  const makeMacro = compileFunction(node.name, node.parameters, node.body, context)
  return locals => void locals.set(node.name, makeMacro(locals))
}

/** `{% call(x) macro(…) %}body{% endcall %}`: the macro sees the body as `caller`. */
export const compileCallBlock = (node: StatementOf<'call-block'>, context: Context): Exec => {
  if (node.call.kind !== 'call') throw new OperationError('a call was expected')
  const callee = context.expression(node.call.of)
  const given = compileArguments(node.call.args, context)
  const make = compileFunction('caller', node.parameters, node.body, context)
  return (locals, out) => {
    const target = callee(locals)
    const passed = given(locals)
    locals.evaluation.at = node.at
    if (passed instanceof Unknown) out.push(passed)
    else {
      const named = new Map([...passed.named, ['caller', make(locals)]])
      out.push(call(locals, target, { args: passed.args, named }, 'the macro'))
    }
    return undefined
  }
}

interface Macro {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly initial: Eval | undefined }[]
  readonly body: Exec
  /** Which of `varargs`, `kwargs` and `caller` the body uses: only then does the macro take surplus arguments. */
  readonly uses: ReadonlySet<string>
}

/** Compiles a macro to a closure that makes the function. The function sees the variables of the block that defines it. */
const compileFunction = (
  name: string,
  parameters: readonly Parameter[],
  body: readonly Statement[],
  context: Context,
): ((locals: Locals) => Lenient) => {
  const uses = new Set<string>()
  const macro: Macro = context.guarded(() => ({
    name,
    parameters: parameters.map(one => ({
      name: one.name,
      initial: one.initial === undefined ? undefined : context.expression(one.initial),
    })),
    body: context.collectingLocals(uses, () => context.body(body)),
    uses,
  }))
  return locals => {
    const { unit } = locals.evaluation
    return new Lenient(name, (args, named) => {
      locals.evaluation.budget.step()
      const before = locals.evaluation.unit
      const inner = locals.inner()
      bindParameters(inner, macro, args, named)
      locals.evaluation.unit = unit
      const made = captured(locals, out => macro.body(inner, out))
      locals.evaluation.unit = before
      return made ?? ''
    })
  }
}

const bindParameters = (
  locals: Locals,
  { name: macro, parameters, uses }: Macro,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): void => {
  for (const [index, { name, initial }] of parameters.entries()) {
    const passed = index < args.length ? args[index] : named.get(name)
    const value = passed === undefined ? initial?.(locals) : passed
    locals.set(name, value === undefined ? missingParameter(locals, macro, name) : value)
  }
  const more = args.slice(parameters.length)
  if (uses.has('varargs')) locals.set('varargs', Tuple.of2(...more))
  else if (more.length > 0)
    throw new OperationError(`${macro}() takes at most ${parameters.length}; ${args.length} were given`)
  const known = parameters.map(one => one.name)
  const rest = new Map([...named].filter(([name]) => name !== 'caller' && !known.includes(name)))
  const [unexpected] = rest.keys()
  if (uses.has('kwargs')) locals.set('kwargs', rest)
  else if (unexpected !== undefined)
    throw new OperationError(`${macro}() has no parameter '${unexpected}'`, 'type', didYouMean(unexpected, known))
  const caller = named.get('caller')
  if (caller !== undefined) locals.set('caller', caller)
}

const missingParameter = (locals: Locals, macro: string, name: string): Value => {
  const { evaluation } = locals
  const { unit, at } = evaluation
  const missing = new OperationError(`the parameter '${name}' of ${macro}() was not given`, 'undefined')
  return asValue(new Undefined(() => evaluation.error(missing, unit, at), name))
}

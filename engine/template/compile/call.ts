import { Callable, Unknown, type Value } from '../../core/value.js'
import { asKey, aType, Lenient, Opaque, OperationError, Undefined } from '../../python/kinds.js'
import type { Eval, Locals, NamedArguments } from '../contract.js'
import { findLookup } from '../lookups/look-up.js'
import { applyFilter, applyTest, findFilter, findTest } from '../runtime/apply.js'
import { noNames } from '../runtime/evaluation.js'
import type { Arguments, Expression, ExpressionOf } from '../syntax/nodes.js'
import { asSecret } from '../values/arithmetic.js'
import { BuiltIn } from '../values/built-in.js'
import { not } from '../values/compare.js'
import { newScan, reveal, scan } from '../values/scan.js'
import { items } from '../values/sequence.js'
import { describe } from './access.js'
import type { Context } from './context.js'

export interface CallArguments {
  readonly args: readonly Value[]
  readonly named: NamedArguments
}

const noArguments: CallArguments = { args: [], named: noNames }

/** Evaluates the arguments of a call; `*list` and `**dict` are spread. Where one to spread is unknown, that is the result. */
export const compileArguments = (node: Arguments, context: Context): ((locals: Locals) => CallArguments | Unknown) => {
  const compile = (inner: Expression): Eval => context.expression(inner)
  const args = node.args.map(compile)
  const named = node.named.map(({ name, value }) => [name, compile(value)] as const)
  const rest = node.rest === undefined ? undefined : compile(node.rest)
  const keywords = node.keywords === undefined ? undefined : compile(node.keywords)
  if (args.length === 0 && named.length === 0 && rest === undefined && keywords === undefined) return () => noArguments
  if (named.length === 0 && rest === undefined && keywords === undefined)
    return locals => ({ args: args.map(arg => arg(locals)), named: noNames })
  return locals => {
    const all = args.map(arg => arg(locals))
    const names = new Map(named.map(([name, value]) => [name, value(locals)]))
    const more = rest === undefined ? [] : items(rest(locals))
    if (more instanceof Unknown) return more
    const extra = keywords?.(locals)
    if (extra instanceof Unknown) return extra
    if (extra instanceof Map) for (const [key, value] of extra) names.set(String(asKey(key)), value)
    else if (extra !== undefined) throw new OperationError(`'**' needs a dict, not ${aType(extra)}`)
    return { args: [...all, ...more], named: names }
  }
}

export const compileCall = (node: ExpressionOf<'call'>, of: Eval, context: Context): Eval => {
  const given = compileArguments(node.args, context)
  const name = describe(node.of)
  const lookup = lookupName(node)
  if (lookup !== undefined) context.check(() => findLookup(context.env, lookup), node.at)
  return locals => {
    const callee = of(locals)
    const passed = given(locals)
    locals.evaluation.at = node.at
    if (passed instanceof Unknown) return passed
    return call(locals, callee, passed, name)
  }
}

/** The name of a lookup, where it is a constant. */
const lookupName = ({ of, args }: ExpressionOf<'call'>): string | undefined => {
  if (of.kind !== 'name' || !['lookup', 'query', 'q'].includes(of.name)) return undefined
  const [first] = args.args
  return first?.kind === 'constant' && typeof first.value === 'string' ? first.value : undefined
}

/** Calls a value. An undefined or unknown callee is the result itself. @throws OperationError for a value that cannot be called */
export const call = (locals: Locals, callee: Value, { args, named }: CallArguments, name: string): Value => {
  const { evaluation } = locals
  evaluation.budget.step()
  if (callee instanceof Unknown) return callee
  const inner = callee as unknown
  if (inner instanceof Undefined) return callee
  if (inner instanceof BuiltIn && inner.lenient) return inner.run(args, named, evaluation)
  const own = inner instanceof Opaque ? (inner as { call?: Callable }).call : undefined
  const target = own ?? callee
  const builtIn = inner instanceof BuiltIn ? inner : undefined
  if (builtIn === undefined && !(target instanceof Callable))
    throw new OperationError(`${name} cannot be called: it is ${aType(callee)}`)
  if (target instanceof Lenient) return target.call(args, named, evaluation.budget)
  const found = newScan(evaluation.budget)
  for (const one of [...args, ...named.values()]) {
    if ((one as unknown) instanceof Undefined) return one
    scan(one, found)
  }
  if (found.unknown !== undefined) return found.unknown
  const open = found.secret || found.unsafe ? reveal : (value: Value) => value
  const given = args.map(open)
  const names = new Map([...named].map(([key, value]) => [key, open(value)]))
  const result =
    builtIn === undefined
      ? (target as Callable).call(given, names, evaluation.budget)
      : builtIn.run(given, names, evaluation)
  if (typeof result === 'string') evaluation.budget.grow(result.length)
  return found.secret ? asSecret(result) : result
}

export const compileFilter = (node: ExpressionOf<'filter'>, context: Context, operand?: Eval): Eval => {
  const lenient = /(?:^|\.)(?:default|d|mandatory)$/.test(node.name)
  const compileOperand = (): Eval => {
    if (operand !== undefined && node.of === undefined) return operand
    if (node.of === undefined) throw new OperationError(`the filter '${node.name}' has nothing to work on`)
    return node.of.kind === 'filter' ? compileFilter(node.of, context, operand) : context.expression(node.of)
  }
  const of = lenient ? context.guarded(compileOperand) : compileOperand()
  const given = compileArguments(node.args, context)
  context.check(() => findFilter(context.env, node.name), node.at)
  if (/(?:^|\.)(?:random|shuffle|strftime|password_hash)$/.test(node.name)) context.varies = true
  const known = context.env.filters.get(node.name)
  return locals => {
    const value = of(locals)
    const passed = given(locals)
    locals.evaluation.at = node.at
    if (passed instanceof Unknown) return passed
    return applyFilter(locals.evaluation, node.name, value, passed.args, passed.named, known)
  }
}

export const compileTest = (node: ExpressionOf<'test'>, context: Context): Eval => {
  const lenient = /(?:^|\.)(?:un)?defined$/.test(node.name)
  const compileOperand = (): Eval => context.expression(node.of)
  const of = lenient ? context.guarded(compileOperand) : compileOperand()
  const given = compileArguments(node.args, context)
  context.check(() => findTest(context.env, node.name), node.at)
  const known = context.env.tests.get(node.name)
  return locals => {
    const value = of(locals)
    const passed = given(locals)
    locals.evaluation.at = node.at
    if (passed instanceof Unknown) return passed
    const answer = applyTest(locals.evaluation, node.name, value, passed.args, passed.named, known)
    return node.negated ? not(answer) : answer
  }
}

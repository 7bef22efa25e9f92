import { Callable, Unknown, type Value } from '../../core/value.js'
import { asKey, aType, Lenient, Opaque, OperationError, Undefined } from '../../python/kinds.js'
import { findLookup } from '../lookups/look-up.js'
import type { Eval } from '../program.js'
import { applyFilter, applyTest, findFilter, findTest } from '../runtime/apply.js'
import { type Frame, noNames } from '../runtime/evaluation.js'
import type { Arguments, Expression } from '../syntax/nodes.js'
import { secret } from '../values/arithmetic.js'
import { BuiltIn } from '../values/built-in.js'
import { not } from '../values/compare.js'
import { newScan, reveal, scan } from '../values/scan.js'
import { items } from '../values/sequence.js'
import { described } from './access.js'
import type { Context } from './context.js'
import { compileExpressionNode } from './expression.js'

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export interface Given {
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

const nothing: Given = { args: [], named: noNames }

/** The arguments of a call, in order; `*list` and `**dict` are spread. An unknown one to spread is the answer itself. */
export const compileArguments = (node: Arguments, context: Context): ((frame: Frame) => Given | Unknown) => {
  const compile = (inner: Expression): Eval => compileExpressionNode(inner, context)
  const args = node.args.map(compile)
  const named = node.named.map(({ name, value }) => [name, compile(value)] as const)
  const rest = node.rest === undefined ? undefined : compile(node.rest)
  const keywords = node.keywords === undefined ? undefined : compile(node.keywords)
  if (args.length === 0 && named.length === 0 && rest === undefined && keywords === undefined) return () => nothing
  if (named.length === 0 && rest === undefined && keywords === undefined)
    return frame => ({ args: args.map(arg => arg(frame)), named: noNames })
  return frame => {
    const all = args.map(arg => arg(frame))
    const names = new Map(named.map(([name, value]) => [name, value(frame)]))
    const more = rest === undefined ? [] : items(rest(frame))
    if (more instanceof Unknown) return more
    const extra = keywords?.(frame)
    if (extra instanceof Unknown) return extra
    if (extra instanceof Map) for (const [key, value] of extra) names.set(String(asKey(key)), value)
    else if (extra !== undefined) throw new OperationError(`'**' needs a dict, not ${aType(extra)}`)
    return { args: [...all, ...more], named: names }
  }
}

export const compileCall = (node: Of<'call'>, of: Eval, context: Context): Eval => {
  const given = compileArguments(node.args, context)
  const name = described(node.of)
  const asked = lookupOf(node)
  if (asked !== undefined) context.check(() => findLookup(context.env, asked), node.at)
  return frame => {
    const callee = of(frame)
    const passed = given(frame)
    frame.run.at = node.at
    if (passed instanceof Unknown) return passed
    return call(frame, callee, passed, name)
  }
}

/** The name that is looked up, where it is written out. */
const lookupOf = ({ of, args }: Of<'call'>): string | undefined => {
  if (of.kind !== 'name' || !['lookup', 'query', 'q'].includes(of.name)) return undefined
  const [first] = args.args
  return first?.kind === 'constant' && typeof first.value === 'string' ? first.value : undefined
}

/** Calls a value. Undefined and unknown callees are their own answers. @throws OperationError for what cannot be called. */
export const call = (frame: Frame, callee: Value, { args, named }: Given, name: string): Value => {
  const { run } = frame
  run.budget.step()
  if (callee instanceof Unknown) return callee
  const inner = callee as unknown
  if (inner instanceof Undefined) return callee
  if (inner instanceof BuiltIn && inner.lenient) return inner.run(args, named, run)
  const own = inner instanceof Opaque ? (inner as { call?: Callable }).call : undefined
  const target = own ?? callee
  const builtIn = inner instanceof BuiltIn ? inner : undefined
  if (builtIn === undefined && !(target instanceof Callable))
    throw new OperationError(`${name} cannot be called: it is ${aType(callee)}`)
  if (target instanceof Lenient) return target.call(args, named, run.budget)
  const found = newScan(run.budget)
  for (const one of [...args, ...named.values()]) {
    if ((one as unknown) instanceof Undefined) return one
    scan(one, found)
  }
  if (found.unknown !== undefined) return found.unknown
  const open = found.secret || found.unsafe ? reveal : (value: Value) => value
  const given = args.map(open)
  const names = new Map([...named].map(([key, value]) => [key, open(value)]))
  const result =
    builtIn === undefined ? (target as Callable).call(given, names, run.budget) : builtIn.run(given, names, run)
  if (typeof result === 'string') run.budget.grow(result.length)
  return found.secret ? secret(result) : result
}

export const compileFilter = (node: Of<'filter'>, context: Context, operand?: Eval): Eval => {
  const lenient = /(?:^|\.)(?:default|d|mandatory)$/.test(node.name)
  const compileOperand = (): Eval => {
    if (operand !== undefined && node.of === undefined) return operand
    if (node.of === undefined) throw new OperationError(`the filter '${node.name}' has nothing to work on`)
    return node.of.kind === 'filter'
      ? compileFilter(node.of, context, operand)
      : compileExpressionNode(node.of, context)
  }
  const of = lenient ? context.guarded(compileOperand) : compileOperand()
  const given = compileArguments(node.args, context)
  context.check(() => findFilter(context.env, node.name), node.at)
  if (/(?:^|\.)(?:random|shuffle|strftime|password_hash)$/.test(node.name)) context.varies = true
  const known = context.env.filters.get(node.name)
  return frame => {
    const value = of(frame)
    const passed = given(frame)
    frame.run.at = node.at
    if (passed instanceof Unknown) return passed
    return applyFilter(frame.run, node.name, value, passed.args, passed.named, known)
  }
}

export const compileTest = (node: Of<'test'>, context: Context): Eval => {
  const lenient = /(?:^|\.)(?:un)?defined$/.test(node.name)
  const compileOperand = (): Eval => compileExpressionNode(node.of, context)
  const of = lenient ? context.guarded(compileOperand) : compileOperand()
  const given = compileArguments(node.args, context)
  context.check(() => findTest(context.env, node.name), node.at)
  const known = context.env.tests.get(node.name)
  return frame => {
    const value = of(frame)
    const passed = given(frame)
    frame.run.at = node.at
    if (passed instanceof Unknown) return passed
    const answer = applyTest(frame.run, node.name, value, passed.args, passed.named, known)
    return node.negated ? not(answer) : answer
  }
}

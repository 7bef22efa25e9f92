import { noScope, type Scope } from '../../core/expr.js'
import { LazyDict } from '../../core/lazy-dict.js'
import type { Source } from '../../core/source.js'
import { type Dict, type Key, Unknown, Unsafe, type Value } from '../../core/value.js'
import { omit } from '../../python/kinds.js'
import type { TemplateEnv } from '../contract.js'
import { undefinedFrom } from '../values/access.js'
import { compileTemplate, isTemplate, type TemplateExpr } from './text.js'

/** The compiled form of one value of the tree. */
interface Node {
  readonly expr: Pick<TemplateExpr, 'names' | 'required' | 'problems' | 'constant'>
  evaluate(scope: Scope): Value
}

/**
 * Compiles parameters: every string inside may be a template, also the keys of dicts. Keys and items whose value is `omit` are removed.
 * All is evaluated at once. @throws ExpressionError 'syntax'
 */
export const compileTree = (value: Value, env: TemplateEnv, source?: Source): TemplateExpr =>
  compileWith(value, env, source, eager)

/**
 * Compiles a variable: as `compileTree`, but members of a dict are evaluated when they are read, so that one that mentions something
 * undefined does no harm to the others. @throws ExpressionError 'syntax'
 */
export const compileVariable = (value: Value, env: TemplateEnv, source?: Source): TemplateExpr =>
  compileWith(value, env, source, lazy)

type Mode = (value: Dict | readonly Value[], compile: Compile) => Node
type Compile = (value: Value, container?: readonly Value[] | Dict, key?: Key) => Node

const compileWith = (value: Value, env: TemplateEnv, source: Source | undefined, mode: Mode): TemplateExpr => {
  const compile: Compile = (one, container, key) => {
    const leafSource = container === undefined ? source : (env.options.locate?.(container, key ?? null) ?? source)
    if (typeof one === 'string' && isTemplate(one))
      return leaf(compileTemplate(one, leafSource, env, { lazily: mode === lazy }))
    if (Array.isArray(one) || one instanceof Map) return mode(one as Dict | readonly Value[], compile)
    return constant(one instanceof Unsafe ? one.text : one)
  }
  const { expr, evaluate } = compile(value)
  const { names, required, problems } = expr
  return {
    names,
    required,
    problems,
    constant: expr.constant,
    evaluate,
    ...(typeof value === 'string' ? { text: value } : {}),
    ...(source === undefined ? {} : { source }),
  }
}

const leaf = (expr: TemplateExpr): Node => ({ expr, evaluate: scope => expr.evaluate(scope) })

const nothing = { names: [], required: [], problems: [], constant: true }

const constant = (value: Value): Node => ({ expr: nothing, evaluate: () => value })

const combined = (nodes: readonly Node[]): Node['expr'] => ({
  names: [...new Set(nodes.flatMap(node => node.expr.names))],
  required: [...new Set(nodes.flatMap(node => node.expr.required))],
  problems: nodes.flatMap(node => node.expr.problems),
  constant: nodes.every(node => node.expr.constant),
})

const eager: Mode = (value, compile) => {
  if (Array.isArray(value)) {
    const items = value.map((one, index) => compile(one, value, index))
    const expr = combined(items)
    return { expr, evaluate: scope => items.map(item => item.evaluate(scope)).filter(one => one !== omit) }
  }
  const dict = value as Dict
  const entries = [...dict].map(([key, one]) => ({
    key: typeof key === 'string' && isTemplate(key) ? compile(key, dict, key) : constant(key),
    value: compile(one, dict, key),
  }))
  return {
    expr: combined(entries.flatMap(entry => [entry.key, entry.value])),
    evaluate: scope => {
      const made = new Map<Key, Value>()
      for (const entry of entries) {
        const result = entry.value.evaluate(scope)
        const key = entry.key.evaluate(scope)
        if (key instanceof Unknown) return key
        if (result !== omit) made.set(key as Key, result)
      }
      return made
    },
  }
}

const lazy: Mode = (value, compile) => {
  if (Array.isArray(value)) {
    const items = value.map((one, index) => compile(one, value, index))
    const expr = combined(items)
    if (expr.constant) return constant(items.map(item => item.evaluate(noScope)))
    return { expr, evaluate: scope => items.map(item => evaluateOrUndefined(item, scope)).filter(one => one !== omit) }
  }
  const dict = value as Dict
  const members = new Map([...dict].map(([key, one]) => [key, compile(one, dict, key)]))
  const expr = { ...combined([...members.values()]), required: [] }
  if (expr.constant) return constant(new Map([...members].map(([key, node]) => [key, node.evaluate(noScope)])))
  return {
    expr,
    evaluate: scope => {
      const member = (key: Key): Value | undefined => members.get(key)?.evaluate(scope)
      return new LazyDict(() => members.keys(), member)
    },
  }
}

/** An item that mentions something undefined becomes an Undefined, so that the other items can be used. */
const evaluateOrUndefined = (item: Node, scope: Scope): Value => {
  try {
    return item.evaluate(scope)
  } catch (error) {
    return undefinedFrom(error, '')
  }
}

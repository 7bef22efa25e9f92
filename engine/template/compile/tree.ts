import { noScope, type Scope } from '../../core/expr.js'
import { LazyDict } from '../../core/lazy-dict.js'
import type { Source } from '../../core/source.js'
import { type Dict, type Key, Unknown, Unsafe, type Value } from '../../core/value.js'
import { omit } from '../../python/kinds.js'
import type { TemplateEnv } from '../contract.js'
import { undefinedFrom } from '../values/access.js'
import { compileTemplate, isTemplate, type TemplateExpr } from './text.js'

/** What one value compiles to; a leaf without templates is its own result. */
interface Node {
  readonly expr: Pick<TemplateExpr, 'names' | 'required' | 'problems' | 'constant'>
  evaluate(scope: Scope): Value
}

/**
 * Parameters: every string inside is a template. Dicts lose the keys whose value is `omit`, lists such items; the keys of a dict may be
 * templates too. Everything is evaluated at once. @throws ExpressionError 'syntax'
 */
export const compileTree = (value: Value, env: TemplateEnv, source?: Source): TemplateExpr =>
  compileWith(value, env, source, eager)

/**
 * A variable: as `compileTree`, but a dict comes back with members that are rendered when they are asked for, so that one
 * member may mention what is undefined without harm to the others. @throws ExpressionError 'syntax'
 */
export const compileVariable = (value: Value, env: TemplateEnv, source?: Source): TemplateExpr =>
  compileWith(value, env, source, lazy)

type Mode = (value: Dict | readonly Value[], compile: Compile) => Node
type Compile = (value: Value, container?: readonly Value[] | Dict, key?: Key) => Node

const compileWith = (value: Value, env: TemplateEnv, source: Source | undefined, mode: Mode): TemplateExpr => {
  const compile: Compile = (one, container, key) => {
    const place = container === undefined ? source : (env.options.locate?.(container, key ?? null) ?? source)
    if (typeof one === 'string' && isTemplate(one))
      return leaf(compileTemplate(one, place, env, { lazily: mode === lazy }))
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

const together = (nodes: readonly Node[]): Node['expr'] => ({
  names: [...new Set(nodes.flatMap(node => node.expr.names))],
  required: [...new Set(nodes.flatMap(node => node.expr.required))],
  problems: nodes.flatMap(node => node.expr.problems),
  constant: nodes.every(node => node.expr.constant),
})

const eager: Mode = (value, compile) => {
  if (Array.isArray(value)) {
    const items = value.map((one, index) => compile(one, value, index))
    const expr = together(items)
    return { expr, evaluate: scope => items.map(item => item.evaluate(scope)).filter(one => one !== omit) }
  }
  const dict = value as Dict
  const entries = [...dict].map(([key, one]) => ({
    key: typeof key === 'string' && isTemplate(key) ? compile(key, dict, key) : constant(key),
    value: compile(one, dict, key),
  }))
  return {
    expr: together(entries.flatMap(entry => [entry.key, entry.value])),
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
    const expr = together(items)
    if (expr.constant) return constant(items.map(item => item.evaluate(noScope)))
    return { expr, evaluate: scope => items.map(item => softly(item, scope)).filter(one => one !== omit) }
  }
  const dict = value as Dict
  const members = new Map([...dict].map(([key, one]) => [key, compile(one, dict, key)]))
  const expr = { ...together([...members.values()]), required: [] }
  if (expr.constant) return constant(new Map([...members].map(([key, node]) => [key, node.evaluate(noScope)])))
  return {
    expr,
    evaluate: scope => {
      const member = (key: Key): Value | undefined => members.get(key)?.evaluate(scope)
      return new LazyDict(() => members.keys(), member)
    },
  }
}

/** An item that mentions something undefined is an undefined item: the others can be used. */
const softly = (item: Node, scope: Scope): Value => {
  try {
    return item.evaluate(scope)
  } catch (error) {
    return undefinedFrom(error, '')
  }
}

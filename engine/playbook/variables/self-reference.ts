import { ExpressionError } from '../../core/expr.js'
import type { Binding } from '../../core/vars.js'
import { compileVariable, type TemplateEnv } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { hasTemplate } from '../entry.js'

/**
 * Finds variables of one source that are defined by themselves, or in a circle: an expression that uses one fails, unless a source of
 * higher precedence gives the value.
 */
export const findSelfReferences = (into: Compilation, bindings: ReadonlyMap<string, Binding>): void => {
  const names = new Map<string, readonly string[]>()
  for (const [name, binding] of bindings) {
    const used = namesIn(into.load.options.templates, binding).filter(one => bindings.has(one))
    if (used.length > 0) names.set(name, used)
  }
  const told = new Set<string>()
  for (const name of names.keys()) {
    const circle = told.has(name) ? undefined : circleOf(name, names)
    if (circle === undefined) continue
    for (const one of circle) told.add(one)
    const path = [...circle.slice(1), name].map(one => `'${one}'`).join(', which needs ')
    into.problems.addTaskFailure(
      'variable',
      false,
      circle.length === 1 ? `'${name}' is defined by itself` : `'${name}' needs ${path}`,
      bindings.get(name)?.source,
      'use another name: a template does not see the value that the name has elsewhere',
    )
  }
}

/** The names that the templates in a variable use. */
export const namesIn = (env: TemplateEnv, { value, source, data, made }: Binding): readonly string[] => {
  if (data === true || made !== undefined || !hasTemplate(value)) return []
  try {
    return compileVariable(value, env, source).names
  } catch (error) {
    // A mistake of syntax is told where the variable is used.
    if (error instanceof ExpressionError) return []
    throw error
  }
}

/** The shortest chain of names that leads back to a name. */
const circleOf = (name: string, names: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const ways: (readonly string[])[] = [[name]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of names.get(way.at(-1) ?? '') ?? []) {
      if (next === name) return way
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}

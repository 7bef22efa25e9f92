import { ExpressionError } from '../../core/expr.js'
import type { Binding } from '../../core/vars.js'
import { compileVariable } from '../../template/index.js'
import { hasTemplate } from '../keywords/shape.js'
import type { Work } from '../work.js'

/**
 * Variables of one place that are defined by themselves, or in a circle: whoever asks for them fails, unless another place with more
 * precedence gives the value.
 */
export const findSelfReferences = (work: Work, bindings: ReadonlyMap<string, Binding>): void => {
  const names = new Map<string, readonly string[]>()
  for (const [name, binding] of bindings) {
    const used = namesIn(work, binding).filter(one => bindings.has(one))
    if (used.length > 0) names.set(name, used)
  }
  const told = new Set<string>()
  for (const name of names.keys()) {
    const circle = told.has(name) ? undefined : circleOf(name, names)
    if (circle === undefined) continue
    for (const one of circle) told.add(one)
    const path = [...circle.slice(1), name].map(one => `'${one}'`).join(', which needs ')
    work.problems.find(
      'variable',
      false,
      circle.length === 1 ? `'${name}' is defined by itself` : `'${name}' needs ${path}`,
      bindings.get(name)?.source,
      'use another name: a template does not see the value that the name has elsewhere',
    )
  }
}

/** What the templates in a variable ask for. */
export const namesIn = (work: Work, { value, source, data, made }: Binding): readonly string[] => {
  if (data === true || made !== undefined || !hasTemplate(value)) return []
  try {
    return compileVariable(value, work.env, source).names
  } catch (error) {
    // A mistake of syntax is told where the variable is used.
    if (error instanceof ExpressionError) return []
    throw error
  }
}

/** The shortest way back to a name. */
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

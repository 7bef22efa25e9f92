import { linesOf } from '../../config/yaml/yaml.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Expr } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { Bytes, type Dict, isDict, Unsafe, type Value } from '../../core/value.js'
import { textOfScalar } from './kind-of.js'

/** Parts of playbooks under no_log: a problem there is told without the values that are written there. */
export class NoLogParts {
  readonly #dicts = new Set<Dict>()

  /** Notes a task, block or play under no_log. @param inherited the no_log of its surroundings */
  note(dict: Dict, inherited: Expr | undefined): void {
    const own = dict.get('no_log')
    if (own === undefined ? inherited !== undefined : own !== false) this.#dicts.add(dict)
  }

  /** The problem without the values that are written in such a part. */
  masked(problem: Diagnostic): Diagnostic {
    const { source, message, hint } = problem
    if (source === undefined) return problem
    const dicts = [...this.#dicts].filter(dict => covers(dict, source))
    if (dicts.length === 0) return problem
    const values = dicts.flatMap(dict => [...scalarsOf(dict)])
    const mask = (text: string): string => withoutValues(text, values)
    return { ...problem, message: mask(message), ...(hint === undefined ? {} : { hint: mask(hint) }), noLog: true }
  }
}

const covers = (dict: Dict, { file, line }: Source): boolean => {
  const lines = linesOf(dict)
  return lines !== undefined && lines.file === file && lines.from <= line && line <= lines.to
}

/** All scalars in a value, without keys. */
const scalarsOf = function* (value: Value): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* scalarsOf(one)
  else if (isDict(value)) for (const one of value.values()) yield* scalarsOf(one)
  else if (value instanceof Unsafe) yield value.text
  else if (value !== null && !(value instanceof Bytes)) yield textOfScalar(value)
}

/** Values that are long enough to be told from words, and whatever is quoted and a part of one. Long ones are cut off in messages. */
const withoutValues = (text: string, values: readonly string[]): string => {
  const wholes = values.flatMap(value => [value, value.slice(0, 57), value.slice(0, 37)])
  const long = [...new Set(wholes)].filter(one => one.length >= 3).sort((a, b) => b.length - a.length)
  const without = long.reduce((masked, one) => masked.replaceAll(one, '***'), text)
  return without.replace(/'([^']+)'/g, (quoted, inner: string) => {
    const part = inner.replace(/\u2026$/, '')
    return values.some(value => value.includes(part)) ? "'***'" : quoted
  })
}

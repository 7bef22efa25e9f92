import { linesOf } from '../../config/yaml/yaml.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Source } from '../../core/source.js'
import { Bytes, type Dict, isDict, Unsafe, type Value } from '../../core/value.js'
import { textOfScalar } from './kind-of.js'

/** Parts of files of which nothing is shown, because no_log says so: what is wrong there is told without what is written there. */
export class QuietParts {
  readonly #dicts = new Set<Dict>()

  /** A task, block or play. */
  add(dict: Dict): void {
    this.#dicts.add(dict)
  }

  /** The problem as it may be told. */
  told(problem: Diagnostic): Diagnostic {
    const { source, message, hint } = problem
    if (source === undefined) return problem
    const dicts = [...this.#dicts].filter(dict => covers(dict, source))
    if (dicts.length === 0) return problem
    const values = dicts.flatMap(dict => [...scalarsOf(dict)])
    const masked = (text: string): string => withoutValues(text, values)
    return { ...problem, message: masked(message), ...(hint === undefined ? {} : { hint: masked(hint) }), noLog: true }
  }
}

const covers = (dict: Dict, { file, line }: Source): boolean => {
  const lines = linesOf(dict)
  return lines !== undefined && lines.file === file && lines.from <= line && line <= lines.to
}

/** All that is written in it, but for keys. */
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

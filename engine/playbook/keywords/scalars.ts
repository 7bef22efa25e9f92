import { didYouMean } from '../../config/did-you-mean.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import type { Expr } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { type Dict, Unsafe, type Value } from '../../core/value.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { type Entry, entriesOf } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'
import { isNumberKeyword, NoNumber, readNumber } from './number-keywords.js'

/** Text, or a scalar that is text when written out; for any other value a problem, and undefined. */
export const asText = (
  into: Compilation,
  { key, value, source }: Entry,
  hint = 'write it as text',
): string | undefined => {
  if (typeof value === 'string') return value
  if (value instanceof Unsafe) return value.text
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  into.problems.add(`'${key}' must be text, not ${kindOf(value)}`, source, hint)
  return undefined
}

/** One text or a list of them. */
export const asTexts = (
  into: Compilation,
  entry: Entry,
  hint: string,
): readonly { readonly text: string; readonly source: Source }[] => {
  const { key, value, source } = entry
  if (value === null) return []
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((one, index) => {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? source) : source
    const text = asText(into, { key, value: one, source: at, keySource: entry.keySource }, hint)
    return text === undefined ? [] : [{ text, source: at }]
  })
}

const truths = new Map([
  ...['yes', 'true', 'on', '1', 'y', 't'].map(word => [word, true] as const),
  ...['no', 'false', 'off', '0', 'n', 'f'].map(word => [word, false] as const),
])

/** What a keyword's value may be where it is no template. */
export type Scalar = 'flag' | 'number' | 'text'

/** A keyword's value as an expression; a constant of the wrong type is a problem now. */
export const scalarExpr = (into: Compilation, { key, value, source }: Entry, type: Scalar): Expr | undefined => {
  if (value === null) return undefined
  if (typeof value === 'string' && isTemplate(value)) return into.template(value, source)
  const constant = (one: Value) => into.tree(one, source)
  if (type === 'flag') {
    const truth =
      typeof value === 'boolean'
        ? value
        : value === 1
          ? true
          : value === 0
            ? false
            : typeof value === 'string'
              ? truths.get(value.toLowerCase())
              : undefined
    if (truth !== undefined) return constant(truth)
    into.problems.add(
      `'${key}' must be true or false, not ${kindOf(value)}`,
      source,
      'write true or false, or a template',
    )
  } else if (type === 'number') {
    const number = isNumberKeyword(key) ? readNumber(key, value) : undefined
    if (number instanceof NoNumber) into.problems.add(number.message, source, number.hint)
    if (typeof number !== 'number') return undefined
    // Ansible takes a negative number for zero, or leaves it unused.
    if (number < 0) into.problems.warn(`'${key}' is negative`, source, 'write a number from 0 on')
    return constant(number)
  } else if (typeof value === 'string' || value instanceof Unsafe || typeof value === 'number') {
    return constant(typeof value === 'number' ? String(value) : value)
  } else {
    into.problems.add(`'${key}' must be text, not ${kindOf(value)}`, source, 'write it as text, or a template')
  }
  return undefined
}

/** when, changed_when, failed_when, until: one condition or a list, all of which must hold. */
export const conditions = (into: Compilation, { key, value, source }: Entry): readonly Expr[] => {
  const list: readonly Value[] = Array.isArray(value) ? value : value === null ? [] : [value]
  return list.flatMap((one, index) => {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? source) : source
    // As in Ansible, None is no condition.
    if (one === null) return []
    if (typeof one === 'string' || typeof one === 'boolean') return [into.condition(one, at)]
    into.problems.add(
      `'${key}' must be a condition, not ${kindOf(one)}`,
      at,
      "write an expression: ansible_os_family == 'Debian'",
    )
    return []
  })
}

/** A problem for each key that is not known. */
export const unknownKeys = (
  into: Compilation,
  dict: Dict,
  known: readonly string[],
  what: string,
  otherwise: Source,
): void => {
  for (const { key, keySource } of entriesOf(dict, otherwise)) {
    if (known.includes(key)) continue
    into.problems.add(
      `unknown key '${key}' of ${what}`,
      keySource,
      didYouMean(key, known) ?? `known are ${[...known].sort().join(', ')}`,
    )
  }
}

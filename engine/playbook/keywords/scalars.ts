import { didYouMean } from '../../config/did-you-mean.js'
import { keySourceOf, sourceOf } from '../../config/yaml/yaml.js'
import type { Expr } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { type Dict, isDict, Unsafe, type Value } from '../../core/value.js'
import { keyText } from '../../python/to-json.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { kindOf } from '../problems/kind-of.js'
import { isNumberKeyword, NoNumber, readNumber } from './number-keywords.js'

/** A value of a dict with its places, as the parts of the compiler pass it on. */
export interface Entry {
  readonly key: string
  readonly value: Value
  /** Where the value stands. */
  readonly source: Source
  /** Where its key stands. */
  readonly keySource: Source
}

export const entriesOf = (dict: Dict, otherwise: Source): readonly Entry[] =>
  [...dict].map(([key, value]) => ({
    key: keyText(key),
    value,
    source: sourceOf(dict, key) ?? otherwise,
    keySource: keySourceOf(dict, key) ?? otherwise,
  }))

export const entry = (dict: Dict, key: string, otherwise: Source): Entry => ({
  key,
  value: dict.get(key) ?? null,
  source: sourceOf(dict, key) ?? otherwise,
  keySource: keySourceOf(dict, key) ?? otherwise,
})

export const hasTemplate = (value: Value): boolean => {
  if (typeof value === 'string') return isTemplate(value)
  if (Array.isArray(value)) return value.some(hasTemplate)
  return (
    isDict(value) && [...value].some(([key, one]) => hasTemplate(one) || (typeof key === 'string' && isTemplate(key)))
  )
}

/** Text, or a scalar that is text when written out; problem and undefined otherwise. */
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
  given: Entry,
  hint: string,
): readonly { readonly text: string; readonly source: Source }[] => {
  const { key, value, source } = given
  if (value === null) return []
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((one, index) => {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? source) : source
    const text = asText(into, { key, value: one, source: at, keySource: given.keySource }, hint)
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
    // Ansible makes a zero of it, or has no use.
    if (number < 0) into.problems.warn(`'${key}' is negative`, source, 'write a number from 0 on')
    return constant(number)
  } else if (typeof value === 'string' || value instanceof Unsafe || typeof value === 'number') {
    return constant(typeof value === 'number' ? String(value) : value)
  } else {
    into.problems.add(`'${key}' must be text, not ${kindOf(value)}`, source, 'write it as text, or a template')
  }
  return undefined
}

/** Keys that are none of the known: a problem each. */
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

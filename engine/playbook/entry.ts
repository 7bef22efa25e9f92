import { keySourceOf, sourceOf } from '../config/yaml/yaml.js'
import type { Source } from '../core/source.js'
import { type Dict, isDict, type Value } from '../core/value.js'
import { keyText } from '../python/to-json.js'
import { isTemplate } from '../template/index.js'

/** A key of a dict with its value, and where both stand. */
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

export const entryOf = (dict: Dict, key: string, otherwise: Source): Entry => ({
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

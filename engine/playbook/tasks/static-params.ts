import { checkParams } from '../../config/schema/check-params.js'
import type { Where } from '../../config/schema/options.js'
import { copySources } from '../../config/yaml/source-map.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { type Dict, Unsafe } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import { hasTemplate } from '../entry.js'
import { isTaskKeyword } from '../keywords/keywords.js'
import type { Callee } from './callee.js'

/** Checks parameters without templates, and gives them the types of the schema: `mode: 0644` is '0644' from here on, whatever YAML made of it. */
export const checkStatic = (callee: Callee, dict: Dict, where: Where): Dict | ConfigError => {
  const later = new Set([...dict].filter(([, value]) => hasTemplate(value)).map(([key]) => String(key)))
  if ([...dict.keys()].some(key => typeof key === 'string' && isTemplate(key))) return dict
  try {
    const fixed = new Map([...dict].filter(([key]) => !later.has(String(key))))
    const { value } = checkParams(callee.params, unsafeToJson(fixed), where, {
      of: callee.name,
      later: withAliases(callee.params, later),
      misplaced: name =>
        isTaskKeyword(name) ? `it is a keyword of the task: put it beside '${callee.name}:', not under it` : undefined,
    })
    return typed(dict, later, callee.params, value)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error
  }
}

export const warnOfInert = (into: Compilation, { name, params }: Callee, dict: Dict, where: Where): void => {
  const properties = isJsonObject(params['properties']) ? params['properties'] : {}
  for (const [key, value] of dict) {
    const property = properties[propertyOf(params, String(key))]
    if (!isJsonObject(property) || typeof property['inert'] !== 'string' || value === null || value === '') continue
    into.problems.warn(
      `${name}: the parameter '${String(key)}' has no effect`,
      where.keyOf?.([String(key)]),
      property['inert'],
    )
  }
}

const unsafeToJson = (dict: Dict): Json => toJson(dict, { secrets: 'reveal' })

/** A template under an alias stands for the property of the alias. */
export const withAliases = (schema: JsonSchema, later: ReadonlySet<string>): ReadonlySet<string> => {
  const names = [...later].map(name => propertyOf(schema, name))
  return new Set([...later, ...names])
}

const propertyOf = (schema: JsonSchema, name: string): string => {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  if (properties[name] !== undefined) return name
  const found = Object.entries(properties).find(
    ([, one]) => isJsonObject(one) && Array.isArray(one['aliases']) && one['aliases'].includes(name),
  )
  return found?.[0] ?? name
}

const typed = (
  dict: Dict,
  later: ReadonlySet<string>,
  schema: JsonSchema,
  checked: { readonly [name: string]: Json },
): Dict => {
  const changed = [...dict].filter(([key, value]) => {
    const now = checked[propertyOf(schema, String(key))]
    return (
      !later.has(String(key)) &&
      typeof now === 'string' &&
      typeof value !== 'string' &&
      !(value instanceof Unsafe) &&
      value !== null
    )
  })
  if (changed.length === 0) return dict
  const made = new Map(dict)
  for (const [key] of changed) made.set(key, checked[propertyOf(schema, String(key))] as string)
  copySources(dict, made)
  return made
}

import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../../engine/core/json.js'
import { aliasesOf, propertiesOf } from './parameters.js'

/** A text with a template in it may stand for any value. */
export const template = { type: 'string', pattern: '\\{[{%]' }

/**
 * A module's or role's schema for editors, which know only the standard: aliases become properties, formats of ours go, and a template may
 * stand anywhere. Rules between properties go too: with aliases and templates about, an editor would complain of what is right.
 */
export const editorParams = (schema: JsonSchema): JsonObject => {
  const properties = propertiesOf(schema).flatMap(([name, property]) => {
    const plain = editorValue(property)
    return [name, ...aliasesOf(property)].map(key => [key, plain] as const)
  })
  return {
    type: 'object',
    ...(schema['additionalProperties'] === false ? { additionalProperties: false } : {}),
    properties: Object.fromEntries(properties),
  }
}

/** Texts are read leniently (`'yes'`, a number for text, one item for a list), so only what is never right is refused. */
export const editorValue = (property: JsonObject): JsonObject => {
  const { description, default: fallback, examples } = property
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(examples === undefined ? {} : { examples }),
    ...typed(property),
  }
}

const typed = (property: JsonObject): JsonObject => {
  const choices = property['enum']
  if (Array.isArray(choices)) return { anyOf: [{ enum: choices }, template] }
  const given = property['type']
  const types = (Array.isArray(given) ? given : given === undefined ? [] : [given]).flatMap(lenient)
  if (types.length === 0) return {}
  const items = property['items']
  return {
    type: [...new Set(types)],
    ...(isJsonObject(items) && types.includes('array') ? { items: typed(items) } : {}),
  }
}

const lenient = (type: Json): readonly Json[] => {
  switch (type) {
    case 'boolean':
      return ['boolean', 'string', 'integer']
    case 'integer':
    case 'number':
      return [type, 'string']
    case 'string':
      return ['string', 'number', 'boolean', 'null']
    case 'array':
      return ['array', 'string']
    default:
      return [type, 'string']
  }
}

import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../../engine/core/json.js'
import { aliasesOf, propertiesOf } from './parameters.js'

/** Accepts a text with a template, which may yield any value. */
export const template = { type: 'string', pattern: '\\{[{%]' }

/**
 * The schema of a module or role for editors, which know only the JSON Schema standard: aliases become properties, our
 * formats are removed, and a template is allowed anywhere. Rules between properties are removed too, since with aliases
 * and templates an editor would report valid tasks.
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

/**
 * The schema of one parameter. Values are converted (`'yes'`, a number for text, one item for a list), so only what is
 * never valid is refused.
 */
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
  const type = property['type']
  const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]).flatMap(lenient)
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

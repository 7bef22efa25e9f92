import { isJsonObject, type JsonSchema } from '../../core/json.js'
import type { Value } from '../../core/value.js'
import { keyValues } from './key-value.js'

/**
 * `src=a dest=b`, or a free-form module's text with its own parameters taken out (`ls chdir=/tmp`), as a dict of parameters.
 * @param freeForm the parameter that bare text is
 * @param schema the module's parameters; without it every `k=v` of a free-form module is part of the text
 */
export const freeFormArgs = (text: string, freeForm: string | undefined, schema?: JsonSchema): Value => {
  const parsed = keyValues(text, key => freeForm === undefined || isOwn(key, freeForm, schema))
  // Shells have other rules for quotes: text that cannot be split is handed on as it is.
  if (parsed === undefined) return new Map(freeForm === undefined ? [] : [[freeForm, text]])
  const dict = new Map<string, Value>(parsed.pairs.map(({ key, value }) => [key, value]))
  if (parsed.rest !== '') dict.set(freeForm ?? bareText, parsed.rest)
  return dict
}

/** Where bare text goes for a module that takes none: its schema refuses it. */
export const bareText = '_raw_params'

/** Lists and dicts cannot be given in such text: `argv=x` is part of the command. */
const isOwn = (key: string, freeForm: string, schema: JsonSchema | undefined): boolean => {
  const properties = schema?.['properties']
  const property = isJsonObject(properties) ? properties[key] : undefined
  if (key === freeForm || !isJsonObject(property)) return false
  const types = [property['type']].flat()
  return types.some(type => type === undefined || type === 'string' || type === 'boolean' || type === 'integer')
}

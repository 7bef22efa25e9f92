import { isJsonObject, type Json } from '../core/json.js'
import { parseJsonText } from '../python/json-text.js'

/** Deeper than anybody writes, and far from what a walk through it can take. */
const maxDepth = 500

/** JSON that somebody else wrote. @throws SyntaxError for what is none, or nests too deep */
export const parseJson = (text: string): Json => {
  const value = parseJsonText(text)
  for (let level: readonly Json[] = [value], depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new SyntaxError('nested too deeply')
    level = level.flatMap(one => (Array.isArray(one) || isJsonObject(one) ? Object.values<Json>(one) : []))
  }
  return value
}

import { isJsonObject, type Json } from '../core/json.js'
import { parseJsonText } from '../python/json-text.js'

/** Levels. Real data is less deep, and code that recurses through it can take more. */
const maxDepth = 500

/** Parses JSON from outside. @throws SyntaxError where it is invalid, or nested too deeply */
export const parseJson = (text: string): Json => {
  const value = parseJsonText(text)
  for (let level: readonly Json[] = [value], depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new SyntaxError('nested too deeply')
    level = level.flatMap(one => (Array.isArray(one) || isJsonObject(one) ? Object.values<Json>(one) : []))
  }
  return value
}

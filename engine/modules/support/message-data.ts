import { isJsonObject, type Json } from '../../core/json.js'
import { jsonText } from '../../python/json-text.js'

/** One entry of a message's data as text: a list by commas, and empty where there is none. */
export const field = (data: Json, name: string): string => {
  const value = isJsonObject(data) ? data[name] : undefined
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' ? jsonText(value) : String(value)
}

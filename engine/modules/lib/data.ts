import { isJsonObject, type Json } from '../../core/json.js'
import { jsonText } from '../../core/json-text.js'

/** One entry of a message's data as text; empty where it is not there. */
export const field = (data: Json, name: string): string => {
  const value = isJsonObject(data) ? data[name] : undefined
  return value === undefined || value === null ? '' : typeof value === 'object' ? jsonText(value) : String(value)
}

/** The results of changes, put together: later entries win. */
export const merged = (applied: readonly Json[]): { readonly [key: string]: Json } =>
  Object.assign({}, ...applied.filter(isJsonObject))

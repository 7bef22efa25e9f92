import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js'
import { jsonText } from '../../../python/json-text.js'

/**
 * Settings as TOML: a table's own values first, then its tables, so that no value lands in the wrong one.
 * Takes what containerd's configuration holds: strings, numbers, booleans, lists of these, tables and lists of tables. null is left out.
 * Source: toml.io/en/v1.0.0.
 */
export const toToml = (settings: JsonObject): string => table([], settings).join('\n').concat('\n')

const table = (path: readonly string[], settings: JsonObject): readonly string[] => {
  const entries = Object.entries(settings).filter(([, value]) => value !== null)
  const values = entries.filter(([, value]) => !isTable(value) && !isTables(value))
  const lines = values.map(([key, value]) => `${keyText(key)} = ${valueText(value)}`)
  const tables = entries.flatMap(([key, value]) => {
    const at = [...path, key]
    if (isTables(value)) return value.flatMap(one => ['', `[[${pathText(at)}]]`, ...table(at, one)])
    if (!isJsonObject(value)) return []
    const inner = table(at, value)
    return onlyTables(value) ? inner : ['', `[${pathText(at)}]`, ...inner]
  })
  return [...lines, ...tables]
}

const isTable = (value: Json): value is JsonObject => isJsonObject(value)

const isTables = (value: Json): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(one => isJsonObject(one))

/** Such a table needs no header of its own: its tables' headers make it. */
const onlyTables = (value: JsonObject): boolean => {
  const inner = Object.values(value).filter(one => one !== null)
  return inner.length > 0 && inner.every(one => isTable(one) || isTables(one))
}

const pathText = (path: readonly string[]): string => path.map(keyText).join('.')

const keyText = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key))

/** JSON's string escapes are TOML's, and its numbers and booleans too. */
const valueText = (value: Json): string =>
  Array.isArray(value) ? `[${value.map(valueText).join(', ')}]` : jsonText(value)

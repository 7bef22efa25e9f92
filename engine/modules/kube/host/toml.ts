import { stringify, type TomlTable, type TomlValue } from 'smol-toml'
import { ExactNumber, isJsonObject, type Json, type JsonObject } from '../../../core/json.js'

/** Settings as TOML. null is left out, and a number is an int or a float as its text says. */
export const toToml = (settings: JsonObject): string => stringify(tableOf(settings), { numbersAsFloat: true })

const tableOf = (settings: JsonObject): TomlTable =>
  Object.fromEntries(Object.entries(settings).flatMap(([key, value]) => valuesOf(value).map(one => [key, one])))

/** One value, or none for null. A BigInt is written as an int, a number as a float. */
const valuesOf = (value: Json): readonly TomlValue[] => {
  if (value === null) return []
  if (Array.isArray(value)) return [value.flatMap(valuesOf)]
  if (isJsonObject(value)) return [tableOf(value)]
  if (value instanceof ExactNumber) return [/^-?\d+$/.test(value.text) ? BigInt(value.text) : Number(value.text)]
  if (typeof value === 'number') return [Number.isSafeInteger(value) ? BigInt(value) : value]
  return [value as string | boolean]
}

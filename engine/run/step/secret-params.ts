import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'

/** The values at the places that a schema calls secret. */
export type SecretParams = (params: Json) => readonly Json[]

/** Asked for every step: undefined, and nothing to walk, where a schema has no such place. Made once a schema. */
export const secretParams = (schema: JsonSchema): SecretParams | undefined => {
  if (!known.has(schema)) known.set(schema, placesIn(schema))
  return known.get(schema)
}

const known = new WeakMap<JsonSchema, SecretParams | undefined>()

const placesIn = (schema: Json | undefined): SecretParams | undefined => {
  if (!isJsonObject(schema)) return undefined
  if (schema['secret'] === true) return value => [value]
  const { properties, additionalProperties, items } = schema
  const named = isJsonObject(properties) ? properties : {}
  const others = placesIn(additionalProperties)
  const ways = [
    ...Object.entries(named).map(([name, one]) => of(placesIn(one), params => optional(own(params, name)))),
    of(others, params => (isJsonObject(params) ? valuesBeside(params, named) : [])),
    of(placesIn(items), params => (Array.isArray(params) ? params : [])),
    ...['allOf', 'anyOf', 'oneOf'].flatMap(word => list(schema[word]).map(placesIn)),
  ].filter(way => way !== undefined)
  return ways.length === 0 ? undefined : params => ways.flatMap(way => way(params))
}

const of = (inner: SecretParams | undefined, parts: (params: Json) => readonly Json[]): SecretParams | undefined =>
  inner && (params => parts(params).flatMap(inner))

const own = (params: Json, name: string): Json | undefined => (isJsonObject(params) ? params[name] : undefined)

const optional = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value])

const valuesBeside = (params: { readonly [name: string]: Json }, named: JsonSchema): readonly Json[] =>
  Object.entries(params).flatMap(([name, value]) => (Object.hasOwn(named, name) ? [] : [value]))

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

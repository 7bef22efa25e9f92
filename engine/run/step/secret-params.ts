import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'

/** The values of the parameters that a schema marks as secret. */
export type SecretParams = (params: Json) => readonly Json[]

/**
 * A function for the secret parameters of a schema, made once; undefined where the schema has none, since this is
 * called for every step.
 */
export const secretParams = (schema: JsonSchema): SecretParams | undefined => {
  if (!known.has(schema)) known.set(schema, secretsUnder(schema))
  return known.get(schema)
}

const known = new WeakMap<JsonSchema, SecretParams | undefined>()

const secretsUnder = (schema: Json | undefined): SecretParams | undefined => {
  if (!isJsonObject(schema)) return undefined
  if (schema['secret'] === true) return value => [value]
  const { properties, additionalProperties, items } = schema
  const named = isJsonObject(properties) ? properties : {}
  const others = secretsUnder(additionalProperties)
  const parts = [
    ...Object.entries(named).map(([name, one]) => of(secretsUnder(one), params => optional(own(params, name)))),
    of(others, params => (isJsonObject(params) ? valuesBeside(params, named) : [])),
    of(secretsUnder(items), params => (Array.isArray(params) ? params : [])),
    ...['allOf', 'anyOf', 'oneOf'].flatMap(word => list(schema[word]).map(secretsUnder)),
  ].filter(part => part !== undefined)
  return parts.length === 0 ? undefined : params => parts.flatMap(part => part(params))
}

const of = (inner: SecretParams | undefined, parts: (params: Json) => readonly Json[]): SecretParams | undefined =>
  inner && (params => parts(params).flatMap(inner))

const own = (params: Json, name: string): Json | undefined => (isJsonObject(params) ? params[name] : undefined)

const optional = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value])

const valuesBeside = (params: { readonly [name: string]: Json }, named: JsonSchema): readonly Json[] =>
  Object.entries(params).flatMap(([name, value]) => (Object.hasOwn(named, name) ? [] : [value]))

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

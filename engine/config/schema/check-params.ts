import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import { keySourceOf, sourceAt, writtenAs } from '../yaml/source-map.js'
import { type Coerce, compileCoerce, type Walk } from './coerce.js'
import { describe, type SchemaError } from './errors.js'
import type { CheckOptions, Path, Where } from './options.js'
import { validatorOf } from './validator.js'

/**
 * Checks parameters by a schema. Returns a copy with the schema's types and defaults.
 *
 * Like Ansible, it converts a value where the meaning is certain: `'yes'`, `'no'`, `'on'`, `'1'`, 1 … to a boolean;
 * digits in a string to a number; an integer to text; `a,b` or a single value to a list of strings. Null counts as not
 * given, and so does an empty text where the schema allows none. An alias (`"aliases": ["dest"]` in a property's
 * schema) is renamed to the property. A mode that is a number becomes octal text.
 *
 * Refused, with a hint: a decimal number for `format: mode`, a number with a point for `format: version`, `yes` or
 * `1.30` for text.
 * @throws ConfigError with all problems
 */
export const checkParams = (
  schema: JsonSchema,
  params: Json,
  where: Where,
  options: CheckOptions = {},
): { readonly value: JsonObject } => {
  const walk: Walk = {
    path: [],
    ambiguities: [],
    literal: options.literal ?? true,
    written: path => where.written?.(path),
  }
  const value = (coerceOf(schema)(without(params, options.later), walk) ?? {}) as JsonObject
  const validate = validatorOf(schema)
  if (validate(value) && walk.ambiguities.length === 0) return { value }
  const ambiguous = new Set(walk.ambiguities.map(one => one.path.join('\0')))
  const invalid = describe(validate.errors ?? [], schema, value, options).filter(
    error => !ambiguous.has(error.path.join('\0')),
  )
  const unclear = walk.ambiguities.map(
    ({ path, message, hint }): SchemaError => ({ path, hint, message: `${prefix(options, path)}${message}` }),
  )
  const [first, ...more] = [...unclear, ...invalid].map(({ path, message, hint, key }) => ({
    about: 'parameter' as const,
    message,
    ...sourceField(where, path, key),
    ...(hint === undefined ? {} : { hint }),
  }))
  if (first === undefined) return { value }
  throw new ConfigError(first, ...more)
}

/** The sources of a tree that `parseYaml` made. */
export const whereIn = (root: unknown, otherwise?: Source): Where => ({
  sourceOf: path => sourceAt(root, path) ?? otherwise,
  keyOf: path => atParent(root, path, keySourceOf),
  written: path => atParent(root, path, writtenAs),
})

const atParent = <T>(
  root: unknown,
  path: Path,
  ask: (container: unknown, key: string | number) => T,
): T | undefined => {
  let here: unknown = root
  for (const key of path.slice(0, -1)) {
    here = here instanceof Map ? here.get(key) : Array.isArray(here) ? here[Number(key)] : undefined
  }
  const last = path.at(-1)
  return last === undefined ? undefined : ask(here, last)
}

/** For parameters that are in no file (TypeScript, the result of a template). */
export const nowhere = (source?: Source): Where => ({ sourceOf: () => source })

const sourceField = (where: Where, path: Path, key = false): { readonly source?: Source } => {
  const source = (key ? where.keyOf?.(path) : undefined) ?? where.sourceOf(path)
  return source === undefined ? {} : { source }
}

const prefix = ({ of }: CheckOptions, path: Path): string =>
  `${of === undefined ? '' : `${of}: `}${path.length === 0 ? '' : `${path.join('.')}: `}`

const without = (params: Json, later: ReadonlySet<string> | undefined): Json =>
  later === undefined || later.size === 0 || !isJsonObject(params)
    ? params
    : Object.fromEntries(Object.entries(params).filter(([name]) => !later.has(name)))

const cache = new WeakMap<JsonSchema, Coerce>()

const coerceOf = (schema: JsonSchema): Coerce => {
  const known = cache.get(schema)
  if (known !== undefined) return known
  const made = compileCoerce(schema)
  cache.set(schema, made)
  return made
}

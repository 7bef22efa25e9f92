import type { Json, JsonSchema } from '../../core/json.js'
import { ExactNumber, isJsonObject } from '../../core/json.js'
import { parseJsonText } from '../../python/json-text.js'
import { numberText } from '../../python/number-text.js'
import { formats } from './formats.js'
import { tidyPath } from './host-path.js'
import { looksLikeDigitsOfMode, octal } from './mode.js'

/** A value whose conversion would be a guess. `path` leads to it from the root. */
interface Ambiguity {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint: string
}

/** The state of a conversion while it walks through a value. */
export interface Walk {
  readonly path: (string | number)[]
  readonly ambiguities: Ambiguity[]
  /** A plain scalar as written in YAML; undefined for strings and for values from templates. */
  written(path: readonly (string | number)[]): string | undefined
  /** Whether the values are as the user wrote them: only then is an ambiguity an error. */
  readonly literal: boolean
}

/** Returns a copy of the value with the schema's types, where that needs no guessing; undefined: as if not given. */
export type Coerce = (value: Json, walk: Walk) => Json | undefined

/** Compiles the conversion of a schema. ajv validates the result. */
export const compileCoerce = (schema: JsonSchema, root: JsonSchema = schema): Coerce => {
  const ref = schema['$ref']
  if (typeof ref === 'string') return lazily(() => compileCoerce(resolve(ref, root), root))
  const alternatives = schema['type'] === undefined ? (schema['anyOf'] ?? schema['oneOf']) : undefined
  if (Array.isArray(alternatives) && alternatives.every(one => isJsonObject(one) && one['type'] !== undefined)) {
    return oneOf(alternatives as JsonSchema[], root)
  }
  const types = typesOf(schema)
  const scalar = scalarCoerce(schema, types)
  const object = types.includes('object') || schema['properties'] !== undefined ? objectCoerce(schema, root) : undefined
  const list = types.includes('array') ? listCoerce(schema, root) : undefined
  return (value, walk) => {
    if (Array.isArray(value)) return list === undefined ? value : list(value, walk)
    if (isJsonObject(value)) return object === undefined ? value : object(value, walk)
    const changed = scalar(value as Scalar, walk)
    return Array.isArray(changed) && list !== undefined ? list(changed, walk) : changed
  }
}

type Scalar = null | boolean | number | string | ExactNumber
type Type = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

const lazily = (make: () => Coerce): Coerce => {
  let made: Coerce | undefined
  return (value, walk) => {
    made ??= make()
    return made(value, walk)
  }
}

const resolve = (ref: string, root: JsonSchema): JsonSchema => {
  let here: Json | undefined = root
  for (const part of ref.replace(/^#\/?/, '').split('/').filter(Boolean))
    here = isJsonObject(here) ? here[part] : undefined
  if (!isJsonObject(here)) throw new TypeError(`the schema has no ${ref}`)
  return here
}

/**
 * Of several alternatives: the first with the value's own type, or else the first to which the value can be converted.
 */
const oneOf = (schemas: readonly JsonSchema[], root: JsonSchema): Coerce => {
  const ways = schemas.map(schema => ({
    types: typesOf(schema),
    words: schema['enum'],
    coerce: compileCoerce(schema, root),
  }))
  const fits = ({ types, words }: (typeof ways)[number], value: Json) =>
    (types.includes(typeOf(value)) || (isNumber(value) && types.includes('number'))) &&
    (!Array.isArray(words) || words.includes(value))
  return (value, walk) => {
    const own = ways.find(way => fits(way, value))
    if (own !== undefined) return own.coerce(value, walk)
    for (const way of ways) {
      const trial = { ...walk, ambiguities: [] as Ambiguity[] }
      const changed = way.coerce(value, trial)
      if (changed !== undefined && fits(way, changed) && trial.ambiguities.length === 0) return changed
    }
    return value
  }
}

const objectCoerce = (schema: JsonSchema, root: JsonSchema): Coerce => {
  const properties = new Map<string, Coerce>()
  const names = new Map<string, string>()
  const defaults: (readonly [name: string, value: Json])[] = []
  for (const [name, property] of Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {})) {
    if (!isJsonObject(property)) continue
    properties.set(name, compileCoerce(property, root))
    for (const alias of aliasesOf(property)) names.set(alias, name)
    if (property['default'] !== undefined) defaults.push([name, property['default']])
  }
  const rest = isJsonObject(schema['additionalProperties'])
    ? compileCoerce(schema['additionalProperties'], root)
    : undefined
  return (value, walk) => {
    const made: { [name: string]: Json } = {}
    for (const [written, one] of Object.entries(value as { readonly [name: string]: Json })) {
      const name = names.get(written) ?? written
      if (name !== written && Object.hasOwn(made, name)) continue
      const coerce = properties.get(name) ?? rest
      walk.path.push(written)
      const changed = coerce === undefined ? one : coerce(one, walk)
      walk.path.pop()
      if (changed !== undefined) define(made, name, changed)
    }
    for (const [name, value] of defaults) if (!Object.hasOwn(made, name)) define(made, name, structuredClone(value))
    return made
  }
}

/** An assignment; `__proto__` needs defineProperty, since assigning to it would set the prototype. */
const define = (object: { [name: string]: Json }, name: string, value: Json): void => {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  else object[name] = value
}

const listCoerce = (schema: JsonSchema, root: JsonSchema): Coerce => {
  const item = isJsonObject(schema['items']) ? compileCoerce(schema['items'], root) : undefined
  return (value, walk) =>
    (value as readonly Json[]).flatMap((one, index) => {
      walk.path.push(index)
      const changed = item === undefined ? one : item(one, walk)
      walk.path.pop()
      return changed === undefined ? [] : [changed]
    })
}

const scalarCoerce = (schema: JsonSchema, types: readonly Type[]) => {
  const format = schema['format']
  const commas = splitsAtCommas(schema)
  const tidy = schema['tidy']
  const emptyIsNone = types.includes('string') && refusesEmpty(schema)
  return (value: Scalar, walk: Walk): Json | undefined => {
    if (value === null) return types.length === 0 || types.includes('null') ? null : undefined
    if (value === '' && emptyIsNone) return undefined
    if ((tidy === 'drop' || tidy === 'keep') && typeof value === 'string') return tidyPath(value, tidy)
    if (format === 'mode' && isNumber(value)) return mode(Number(value), walk)
    if (format === 'version' && isNumber(value) && types.includes('string')) return version(value, walk)
    if (types.length === 0) return value
    if (value instanceof ExactNumber) return exact(value, types, walk)
    if (types.includes(typeOf(value)) || (typeof value === 'number' && types.includes('number'))) return value
    if (typeof value === 'string') return ofString(value, types, commas)
    if (types.includes('boolean') && (value === 0 || value === 1)) return value === 1
    if (types.includes('string')) return text(value, walk)
    return types.includes('array') ? [value] : value
  }
}

const isNumber = (value: Json): value is number | ExactNumber =>
  typeof value === 'number' || value instanceof ExactNumber

/**
 * A number with exact text: for a text parameter all digits are kept, for a number parameter it becomes a JavaScript
 * number.
 */
const exact = (value: ExactNumber, types: readonly Type[], walk: Walk): Json => {
  if (types.includes('string')) return text(value, walk)
  if (types.includes('number') || types.includes(typeOf(value))) return Number(value.text)
  return types.includes('array') ? [value] : value
}

/**
 * Whether the schema refuses an empty text. Playbooks write `default_release: ''` for «none», which then counts as not
 * given.
 */
const refusesEmpty = ({ minLength, pattern, format, enum: choices }: JsonSchema): boolean =>
  choices === undefined &&
  ((typeof minLength === 'number' && minLength > 0) ||
    (typeof pattern === 'string' && !new RegExp(pattern, 'u').test('')) ||
    (typeof format === 'string' && formats[format]?.('') === false))

const ofString = (value: string, types: readonly Type[], commas: boolean): Json => {
  const word = value.trim().toLowerCase()
  if (types.includes('boolean') && words.has(word)) return words.get(word) as boolean
  if ((types.includes('integer') || types.includes('number')) && /^[-+]?\d+$/.test(word)) return Number(word)
  if (types.includes('number') && /^[-+]?\d*\.\d+$/.test(word)) return Number(word)
  if (types.includes('array'))
    return commas
      ? value
          .split(',')
          .map(one => one.trim())
          .filter(one => one !== '')
      : [value]
  if (types.includes('object') && word.startsWith('{')) return jsonObject(value) ?? value
  return value
}

/** The words that Ansible takes for booleans, ignoring case. */
const words = new Map([
  ...['yes', 'true', 'on', 'y', 't', '1'].map(word => [word, true] as const),
  ...['no', 'false', 'off', 'n', 'f', '0'].map(word => [word, false] as const),
])

const jsonObject = (text: string): Json | undefined => {
  try {
    return parseJsonText(text)
  } catch {
    return undefined
  }
}

/** A number or boolean for a text parameter: accepted only if it prints as it was written. */
const text = (value: boolean | number | ExactNumber, walk: Walk): Json => {
  const written = walk.written(walk.path)
  const plain =
    typeof value === 'boolean' ? (value ? 'True' : 'False') : typeof value === 'number' ? numberText(value) : value.text
  if (written === undefined) {
    return walk.literal && typeof value === 'boolean'
      ? ambiguous(value, walk, `the boolean ${value}`, String(value))
      : plain
  }
  return written === plain ? plain : ambiguous(value, walk, `${written}, which YAML reads as ${plain},`, written)
}

const ambiguous = (value: Json, walk: Walk, what: string, quoted: string): Json => {
  walk.ambiguities.push({ path: [...walk.path], message: `${what} where text belongs`, hint: `quote it: '${quoted}'` })
  return value
}

/**
 * YAML reads 1.30 as the number 1.3, so the text is lost. 1.31 is refused too, so that the mistake is found before 1.30
 * comes.
 */
const version = (value: number | ExactNumber, walk: Walk): Json => {
  const written = walk.written(walk.path)
  if (/^-?\d+$/.test(String(value)) && (written === undefined || written === String(value))) return String(value)
  const shown = written ?? String(value)
  walk.ambiguities.push({
    path: [...walk.path],
    message: `the number ${shown} where a version belongs${written === '' || String(value) === shown ? '' : ` (YAML reads it as ${value})`}`,
    hint: `quote it: '${shown}'`,
  })
  return value
}

/** `0644` in YAML is already octal; a decimal 644 would be 01204 in octal, which nobody means. */
const mode = (value: number, walk: Walk): Json => {
  const written = walk.written(walk.path)
  const isOctal = written === undefined ? !looksLikeDigitsOfMode(value) : /^0[0-7_]*$/.test(written)
  if (isOctal && Number.isInteger(value) && value >= 0 && value <= 0o7777) return octal(value)
  const digits = /^[0-7]{3,4}$/.test(String(value)) ? `'0${value}'` : "'0644'"
  walk.ambiguities.push({
    path: [...walk.path],
    message: `the decimal number ${value} where a mode belongs (it is ${octalText(value)} in octal)`,
    hint: `write it as octal text: ${digits}`,
  })
  return value
}

const octalText = (value: number): string =>
  Number.isInteger(value) && value >= 0 ? `0${value.toString(8)}` : 'nothing'

const splitsAtCommas = (schema: JsonSchema): boolean => {
  const items = schema['items']
  if (!isJsonObject(items)) return true
  const types = typesOf(items)
  return types.length === 0 || types.some(type => type === 'string' || type === 'integer' || type === 'number')
}

const typesOf = (schema: JsonSchema): readonly Type[] => {
  const type = schema['type']
  return (Array.isArray(type) ? type : type === undefined ? [] : [type]) as Type[]
}

/** The aliases of a property (`path` and `dest`). */
export const aliasesOf = (property: JsonSchema): readonly string[] =>
  Array.isArray(property['aliases']) ? property['aliases'].map(String) : []

export const typeOf = (value: Json): Type => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isNumber(value)) return Number.isInteger(Number(value)) ? 'integer' : 'number'
  return typeof value as 'boolean' | 'string' | 'object'
}

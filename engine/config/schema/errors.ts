import type { ErrorObject } from 'ajv'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { didYouMean, nearest } from '../did-you-mean.js'
import { aliasesOf } from './coerce.js'
import type { CheckOptions } from './options.js'
import { addition, typeHint } from './remedies.js'

export interface SchemaError {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
  /** The error is about the name, not the value. */
  readonly key?: true
}

/** Turns ajv's errors into messages: one for each problem, with a hint. */
export const describe = (
  errors: readonly ErrorObject[],
  root: JsonSchema,
  value: Json,
  options: CheckOptions,
): readonly SchemaError[] => {
  const later = options.later ?? new Set<string>()
  const findings: SchemaError[] = []
  const alternatives = errors.filter(error => error.keyword === 'oneOf' || error.keyword === 'anyOf')
  const typos = errors.flatMap(typoOf)
  for (const error of errors) {
    // Errors inside an alternative are covered by the error of the alternatives.
    if (alternatives.some(one => one !== error && error.schemaPath.startsWith(`${one.schemaPath}/`))) continue
    // Errors about names have an error of their own.
    if (error.keyword === 'propertyNames') continue
    if (typos.some(typo => isMissing(error, typo, value))) continue
    const path = pathOf(error.instancePath)
    if (later.size > 0 && path.length === 0 && dependsOnLater(error, later)) continue
    findings.push(describeOne(error, path, root, value, options))
  }
  return findings
}

/** An unknown name, and the parameters that may have been meant. */
interface Typo {
  readonly at: string
  readonly meant: readonly string[]
}

const typoOf = (error: ErrorObject): readonly Typo[] => {
  const unknown = unknownName(error)
  if (unknown === undefined) return []
  const names = namesOf((error.parentSchema ?? {}) as JsonSchema)
  const meant = nearest(unknown, names.keys(), 2).flatMap(name => names.get(name) ?? [])
  return [{ at: error.instancePath, meant }]
}

/** Whether the missing parameter is present under a misspelled name; only the error about the name is reported then. */
const isMissing = (error: ErrorObject, { at, meant }: Typo, value: Json): boolean => {
  if (error.instancePath !== at) return false
  if (error.keyword === 'required') return meant.includes(String(error.params['missingProperty']))
  if (error.keyword !== 'oneOf' && error.keyword !== 'anyOf') return false
  const names = requiredIn((error.schema ?? []) as readonly JsonSchema[])
  return (
    names.some(name => meant.includes(name)) && !(isJsonObject(value) && names.some(name => Object.hasOwn(value, name)))
  )
}

const unknownName = ({ keyword, params }: ErrorObject): string | undefined =>
  keyword === 'additionalProperties' || keyword === 'unevaluatedProperties'
    ? String(params['additionalProperty'] ?? params['unevaluatedProperty'])
    : undefined

/** The names and aliases of a schema → their property. */
const namesOf = (schema: JsonSchema): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {}).flatMap(([name, one]) =>
      [name, ...(isJsonObject(one) ? aliasesOf(one) : [])].map(written => [written, name] as const),
    ),
  )

/**
 * With parameters that are checked later left out, an error about the parameters as a whole may be wrong; an unknown
 * name never is.
 */
const dependsOnLater = (error: ErrorObject, later: ReadonlySet<string>): boolean =>
  error.keyword === 'required'
    ? later.has(String(error.params['missingProperty'])) || aliasesInSchema(error).some(alias => later.has(alias))
    : error.keyword !== 'additionalProperties' && error.keyword !== 'unevaluatedProperties'

const aliasesInSchema = (error: ErrorObject): readonly string[] => {
  const properties = (error.parentSchema as JsonSchema | undefined)?.['properties']
  const property = isJsonObject(properties) ? properties[String(error.params['missingProperty'])] : undefined
  return isJsonObject(property) ? aliasesOf(property) : []
}

const describeOne = (
  error: ErrorObject,
  path: readonly (string | number)[],
  root: JsonSchema,
  value: Json,
  options: CheckOptions,
): SchemaError => {
  const noun = options.noun ?? 'parameter'
  const of = options.of === undefined ? '' : `${options.of}: `
  const name = path.length === 0 ? '' : `${path.join('.')}: `
  const schema = (error.parentSchema ?? root) as JsonSchema
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const unknown = unknownName(error) ?? ''
      const inside = path.length === 0 ? '' : ` of ${path.join('.')}`
      return {
        path: [...path, unknown],
        message: `${of}unknown ${noun} '${unknown}'${inside}`,
        hint: (inside === '' ? options.misplaced?.(unknown) : undefined) ?? hintForName(unknown, schema, noun),
        key: true,
      }
    }
    case 'required': {
      const missing = String(error.params['missingProperty'])
      return {
        path,
        message: `${of}${name}missing ${noun} '${missing}'`,
        hint: addition(schema, missing, options.commandLine),
      }
    }
    case 'enum': {
      const allowed = ((error.params['allowedValues'] ?? []) as Json[]).map(String)
      const near = didYouMean(String(error.data), allowed)
      return {
        path,
        message: `${of}${name}${shownOf(error, schema)} is none of ${listed(allowed)}`,
        hint: near ?? `choose one of ${listed(allowed)}`,
      }
    }
    case 'type': {
      const types = [schema['type']].flat().map(type => typeNames[String(type)] ?? String(type))
      return {
        path,
        message: `${of}${name}expected ${types.join(' or ')}, not ${shownOf(error, schema)}`,
        hint: typeHint(String([schema['type']].flat()[0]), path, error.data as Json, options.commandLine),
      }
    }
    case 'oneOf':
    case 'anyOf': {
      const names = requiredIn((error.schema ?? []) as readonly JsonSchema[])
      if (names.length === 0)
        return { path, message: `${of}${name}${shownOf(error, schema)} has no allowed form`, ...described(schema) }
      const given = isJsonObject(value) ? names.filter(one => Object.hasOwn(value, one)) : []
      return given.length > 1
        ? {
            path: [...path, given[1] as string],
            message: `${of}${name}${given.join(' and ')} exclude each other`,
            hint: `keep one of them`,
          }
        : {
            path,
            message: `${of}${name}one of ${names.join(', ')} is needed`,
            hint: addition(schema, names[0] as string, options.commandLine),
          }
    }
    case 'not': {
      const names = requiredIn([schema['not'] as JsonSchema])
      return names.length === 0
        ? { path, message: `${of}${name}${shownOf(error, schema)} is not allowed`, ...described(schema) }
        : { path, message: `${of}${name}${names.join(' and ')} exclude each other`, hint: `keep one of them` }
    }
    case 'dependentRequired': {
      const missing = String(error.params['missingProperty'])
      return {
        path,
        message: `${of}${name}${String(error.params['property'])} needs ${missing} beside it`,
        hint: addition(schema, missing, options.commandLine),
      }
    }
    case 'format':
    case 'pattern':
      return {
        path,
        message: `${of}${name}${shownOf(error, schema)} is no ${formOf(error, schema)}`,
        hint: cure(schema),
      }
    default:
      return {
        path,
        message: `${of}${name}${shownOf(error, schema)} ${error.message ?? 'is not allowed'}`,
        ...described(schema),
      }
  }
}

const hintForName = (unknown: string, schema: JsonSchema, noun: string): string => {
  const names = namesOf(schema)
  const near = didYouMean(unknown, names.keys())
  if (near !== undefined) return near
  return names.size === 0
    ? `it takes no ${noun}s: remove it`
    : `${noun}s are ${[...new Set(names.values())].sort().join(', ')}`
}

const typeNames: { readonly [type: string]: string } = {
  boolean: 'a boolean',
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  array: 'a list',
  object: 'a dict',
  null: 'nothing',
}

const formOf = (error: ErrorObject, schema: JsonSchema): string => {
  const names: { readonly [format: string]: string } = {
    mode: 'file mode',
    version: 'version',
    ip: 'IP address',
    cidr: 'network',
    'absolute-path': 'absolute path',
    hostname: 'host name',
  }
  const format = error.keyword === 'format' ? names[String(error.params['format'])] : undefined
  return format ?? (typeof schema['title'] === 'string' ? schema['title'] : `match for ${String(schema['pattern'])}`)
}

const cure = (schema: JsonSchema): string => {
  const cures: { readonly [format: string]: string } = {
    mode: "octal text as '0644', or symbolic as u=rw,g=r,o=r",
    version: "digits and points: '1.34' or '1.34.2'",
    ip: 'an address as 10.0.0.11 or fd00::11',
    cidr: 'an address and a prefix length: 10.244.0.0/16',
    'absolute-path': 'start it with /',
    hostname: 'letters, digits, - and .',
  }
  return cures[String(schema['format'])] ?? described(schema).hint ?? 'see its documentation: tkplay doc'
}

const described = (schema: JsonSchema): { readonly hint?: string } => {
  const example = Array.isArray(schema['examples']) ? schema['examples'][0] : undefined
  if (example !== undefined) return { hint: `for example ${JSON.stringify(example)}` }
  return typeof schema['description'] === 'string' ? { hint: schema['description'] } : {}
}

const requiredIn = (schemas: readonly JsonSchema[]): readonly string[] => [
  ...new Set(schemas.flatMap(schema => (Array.isArray(schema?.['required']) ? schema['required'].map(String) : []))),
]

const shownOf = (error: ErrorObject, schema: JsonSchema): string =>
  schema['secret'] === true ? 'this value' : shown(error.data as Json)

/** A value for a message, shortened to one line. */
const shown = (value: Json): string => {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isJsonObject(value)) return 'a dict'
  const text = String(value)
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text
  return typeof value === 'string' ? `'${short.replaceAll('\n', '\\n')}'` : short
}

/** The parts of a JSON pointer; digits are list positions. */
const pathOf = (pointer: string): readonly (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? Number(part) : part))

/** A long list is cut; the module's documentation has all of it. */
const listed = (all: readonly string[]): string =>
  all.length <= 20 ? all.join(', ') : `${all.slice(0, 10).join(', ')}, … (${all.length} in all)`

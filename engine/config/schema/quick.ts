import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { annotations, formats } from './formats.js'

/** Whether a value fits. */
export type Judge = (value: Json) => boolean

/**
 * A judge that is ready at once, for the keywords that schemas here use: parameters that are right need no ajv. It says what ajv
 * says (a test compares them); why not, ajv tells. Undefined where the schema uses a keyword that is not known here.
 */
export const quickJudge = (schema: JsonSchema): Judge | undefined => {
  try {
    return judge(schema, schema)
  } catch (error) {
    if (error instanceof NotKnown) return undefined
    throw error
  }
}

class NotKnown extends Error {}

const judge = (schema: Json | undefined, root: JsonSchema): Judge => {
  if (schema === true) return () => true
  if (schema === false) return () => false
  if (!isJsonObject(schema)) throw new NotKnown()
  const parts = Object.entries(schema).flatMap(([keyword, argument]) => part(keyword, argument, schema, root) ?? [])
  if (parts.length === 1) return parts[0] as Judge
  return value => parts.every(one => one(value))
}

const silent = new Set([
  '$schema',
  '$id',
  '$defs',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'then',
  'else',
  ...annotations,
])

const part = (keyword: string, argument: Json, schema: JsonSchema, root: JsonSchema): Judge | undefined => {
  if (silent.has(keyword)) return undefined
  const make = keywords[keyword]
  if (make === undefined) throw new NotKnown()
  return make(argument, schema, root)
}

type Make = (argument: Json, schema: JsonSchema, root: JsonSchema) => Judge

const number = (argument: Json): number => {
  if (typeof argument !== 'number') throw new NotKnown()
  return argument
}

const list = (argument: Json): readonly Json[] => {
  if (!Array.isArray(argument)) throw new NotKnown()
  return argument
}

/** Judges what is text; everything else passes. */
const ofText =
  (test: (text: string) => boolean): Judge =>
  value =>
    typeof value !== 'string' || test(value)
const ofNumber =
  (test: (number: number) => boolean): Judge =>
  value =>
    typeof value !== 'number' || test(value)
const ofList =
  (test: (list: readonly Json[]) => boolean): Judge =>
  value =>
    !Array.isArray(value) || test(value)
const ofObject =
  (test: (object: { readonly [name: string]: Json }) => boolean): Judge =>
  value =>
    !isJsonObject(value) || test(value)

const types: { readonly [type: string]: Judge } = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  number: value => typeof value === 'number' && Number.isFinite(value),
  integer: value => typeof value === 'number' && Number.isInteger(value),
  array: value => Array.isArray(value),
  object: value => isJsonObject(value),
}

const typeJudge: Make = argument => {
  const judges = [argument].flat().map(name => types[String(name)] ?? fail())
  return judges.length === 1 ? (judges[0] as Judge) : value => judges.some(one => one(value))
}

const fail = (): never => {
  throw new NotKnown()
}

const propertiesJudge: Make = (argument, _, root) => {
  if (!isJsonObject(argument)) return fail()
  const judges = Object.entries(argument).map(([name, schema]) => [name, judge(schema, root)] as const)
  return ofObject(object => judges.every(([name, one]) => !Object.hasOwn(object, name) || one(object[name] as Json)))
}

const additionalJudge: Make = (argument, schema, root) => {
  const known = new Set(isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : [])
  const one = judge(argument, root)
  return ofObject(object => Object.entries(object).every(([name, value]) => known.has(name) || one(value)))
}

const requiredJudge: Make = argument => {
  const names = list(argument).map(String)
  return ofObject(object => names.every(name => Object.hasOwn(object, name)))
}

const dependentJudge: Make = argument => {
  if (!isJsonObject(argument)) return fail()
  const needs = Object.entries(argument).map(([name, others]) => [name, list(others).map(String)] as const)
  return ofObject(object =>
    needs.every(([name, others]) => !Object.hasOwn(object, name) || others.every(one => Object.hasOwn(object, one))),
  )
}

const ifJudge: Make = (argument, schema, root) => {
  const condition = judge(argument, root)
  const [met, unmet] = [schema['then'], schema['else']].map(branch =>
    branch === undefined ? () => true : judge(branch, root),
  )
  return value => (condition(value) ? (met as Judge)(value) : (unmet as Judge)(value))
}

const refJudge: Make = (argument, _, root) => {
  let made: Judge | undefined
  const target = String(argument)
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .reduce<Json | undefined>((here, name) => (isJsonObject(here) ? here[name] : undefined), root)
  if (target === undefined) return fail()
  // Made on first use: a schema may refer to itself.
  return value => {
    made ??= judge(target, root)
    return made(value)
  }
}

const lengthOf = (text: string): number => {
  let length = 0
  for (const _ of text) length++
  return length
}

const keywords: { readonly [keyword: string]: Make } = {
  type: typeJudge,
  properties: propertiesJudge,
  additionalProperties: additionalJudge,
  propertyNames: (argument, _, root) => {
    const one = judge(argument, root)
    return ofObject(object => Object.keys(object).every(one))
  },
  required: requiredJudge,
  dependentRequired: dependentJudge,
  if: ifJudge,
  $ref: refJudge,
  items: (argument, _, root) => {
    const one = judge(argument, root)
    return ofList(items => items.every(one))
  },
  minItems: argument => {
    const limit = number(argument)
    return ofList(items => items.length >= limit)
  },
  maxItems: argument => {
    const limit = number(argument)
    return ofList(items => items.length <= limit)
  },
  enum: argument => {
    const allowed = list(argument)
    return value => allowed.some(one => one === value || isDeepStrictEqual(one, value))
  },
  const: argument => value => isDeepStrictEqual(argument, value),
  pattern: argument => {
    const pattern = new RegExp(String(argument), 'u')
    return ofText(text => pattern.test(text))
  },
  format: argument => ofText(formats[String(argument)] ?? fail()),
  minLength: argument => {
    const limit = number(argument)
    return ofText(text => lengthOf(text) >= limit)
  },
  maxLength: argument => {
    const limit = number(argument)
    return ofText(text => lengthOf(text) <= limit)
  },
  minimum: argument => {
    const limit = number(argument)
    return ofNumber(value => value >= limit)
  },
  maximum: argument => {
    const limit = number(argument)
    return ofNumber(value => value <= limit)
  },
  minProperties: argument => {
    const limit = number(argument)
    return ofObject(object => Object.keys(object).length >= limit)
  },
  not: (argument, _, root) => {
    const one = judge(argument, root)
    return value => !one(value)
  },
  allOf: (argument, _, root) => {
    const all = list(argument).map(schema => judge(schema, root))
    return value => all.every(one => one(value))
  },
  anyOf: (argument, _, root) => {
    const all = list(argument).map(schema => judge(schema, root))
    return value => all.some(one => one(value))
  },
  oneOf: (argument, _, root) => {
    const all = list(argument).map(schema => judge(schema, root))
    return value => all.filter(one => one(value)).length === 1
  },
}

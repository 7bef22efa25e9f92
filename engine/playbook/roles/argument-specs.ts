import { checkParams, nowhere } from '../../config/schema/check-params.js'
import type { Expr } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Json, JsonSchema } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import { type Dict, findUnknown, isDict, type Value } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'

/** A YAML role's own description of its parameters (meta/argument_specs.yml) as a schema. */
export const argumentSchema = (spec: Dict): JsonSchema => {
  const options = spec.get('options')
  return optionsSchema(isDict(options) ? options : new Map())
}

const optionsSchema = (options: Dict): JsonSchema => {
  const entries = [...options].filter((one): one is [string, Dict] => typeof one[0] === 'string' && isDict(one[1]))
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, option]) => [name, optionSchema(option)])),
    required: entries.filter(([, option]) => option.get('required') === true).map(([name]) => name),
  }
}

const types: { readonly [type: string]: string } = {
  str: 'string',
  path: 'string',
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  list: 'array',
  dict: 'object',
}

const optionSchema = (option: Dict): JsonSchema => {
  const type = types[String(option.get('type') ?? 'str')]
  const choices = option.get('choices')
  const nested = option.get('options')
  const elements = types[String(option.get('elements') ?? '')]
  const inner = isDict(nested) ? optionsSchema(nested) : undefined
  return {
    ...(type === undefined ? {} : { type }),
    ...(Array.isArray(choices) && type !== 'array' ? { enum: choices.map(one => toJson(one)) } : {}),
    ...(type === 'array' && (inner !== undefined || elements !== undefined)
      ? { items: inner ?? { type: elements as string } }
      : {}),
    ...(type === 'object' && inner !== undefined ? inner : {}),
  }
}

/**
 * What an `assert` step takes to check a role's parameters on each host. Its own words say what is wrong; an unknown
 * parameter makes the check unknown.
 */
export const argumentCheck = (role: string, schema: JsonSchema, source: Source): Expr => {
  const names = Object.keys(schema['properties'] as { readonly [name: string]: Json })
  return {
    source,
    text: `arguments of role ${role}`,
    names: [],
    constant: false,
    evaluate: scope => {
      const args: { [name: string]: Json } = {}
      for (const name of names) {
        const value = scope.get(name)
        if (value === undefined) continue
        const unknown = findUnknown(value)
        if (unknown !== undefined) return new Map<string, Value>([['that', unknown]])
        args[name] = toJson(value)
      }
      const wrong = problemsOf(schema, args, role)
      // The conditions are literals: the words of an error never reach a template.
      return new Map<string, Value>([
        ['that', wrong === undefined],
        ['quiet', true],
        ...(wrong === undefined ? [] : [['fail_msg', wrong] as const]),
      ])
    },
  }
}

const problemsOf = (schema: JsonSchema, args: { readonly [name: string]: Json }, role: string): string | undefined => {
  try {
    checkParams(schema, args, nowhere(), { of: `role ${role}`, noun: 'argument', literal: false })
    return undefined
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.all.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)).join('; ')
  }
}

import { createRequire } from 'node:module'
import type { Options, ValidateFunction } from 'ajv'
import type { JsonSchema } from '../../core/json.js'
import { annotations, formats } from './formats.js'

/**
 * ajv's judgement of a value, with errors in `errors`. Loading ajv and compiling a schema takes long beside a short
 * run, so this is asked only where `quickJudge` did not say yes.
 * @throws Error for what is no schema in ajv's strict mode
 */
export const ajvJudge = (schema: JsonSchema): ValidateFunction => {
  const known = cache.get(schema)
  if (known !== undefined) return known
  const made = ajv().compile(schema)
  cache.set(schema, made)
  return made
}

const cache = new WeakMap<JsonSchema, ValidateFunction>()

/** The part of ajv that is used here. */
interface Ajv {
  compile(schema: JsonSchema): ValidateFunction
  addFormat(name: string, test: (text: string) => boolean): unknown
  addKeyword(definition: { readonly keyword: string; readonly valid?: boolean }): unknown
}

let instance: Ajv | undefined

const ajv = (): Ajv => {
  if (instance !== undefined) return instance
  const require = createRequire(import.meta.url)
  const { Ajv2020 } = require('ajv/dist/2020.js') as { readonly Ajv2020: new (options: Options) => Ajv }
  instance = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
  })
  for (const [name, test] of Object.entries(formats)) instance.addFormat(name, test)
  for (const keyword of annotations) instance.addKeyword({ keyword, valid: true })
  return instance
}

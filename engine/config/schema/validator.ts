import { createHash } from 'node:crypto'
import type { Ajv, Options, ValidateFunction } from 'ajv'
import type { JsonSchema } from '../../core/json.js'
import { annotations, formats } from './formats.js'
import { ajvClass, generated } from './generated.js'

/**
 * The ajv validator of a schema; it leaves what is wrong in `errors`. For the schemas that come with tkplay the bundle holds
 * validators that were generated while it was built. Only for another one, a user's, ajv is loaded.
 * @throws Error for what is no schema in ajv's strict mode
 */
export const validatorOf = (schema: JsonSchema): ValidateFunction => {
  const known = cache.get(schema)
  if (known !== undefined) return known
  const made = generated[digestOf(schema)]?.() ?? ajv().compile(schema)
  cache.set(schema, made)
  return made
}

const cache = new WeakMap<JsonSchema, ValidateFunction>()

/** What a generated validator is found by: two schemas with the same text take the same values. */
export const digestOf = (schema: JsonSchema): string =>
  createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 32)

/** @param options beside those that every validator here has */
export const newAjv = (options: Options = {}): Ajv => {
  const made = new (ajvClass())({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    ...options,
  })
  for (const [name, test] of Object.entries(formats)) made.addFormat(name, test)
  for (const keyword of annotations) made.addKeyword({ keyword, valid: true })
  return made
}

let instance: Ajv | undefined

const ajv = (): Ajv => {
  instance ??= newAjv()
  return instance
}

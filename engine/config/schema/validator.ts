import { createHash } from 'node:crypto'
import type { Ajv, Options, ValidateFunction } from 'ajv'
import type { JsonSchema } from '../../core/json.js'
import { annotations, formats } from './formats.js'
import { ajvClass, generated } from './generated.js'

/**
 * The ajv validator of a schema; after a call its `errors` hold the problems. The bundle contains generated validators
 * for the schemas that come with tkplay; ajv is loaded only for other schemas, those of users.
 * @throws Error where the schema is invalid in ajv's strict mode
 */
export const validatorOf = (schema: JsonSchema): ValidateFunction => {
  const known = cache.get(schema)
  if (known !== undefined) return known
  const made = generated[digestOf(schema)]?.() ?? ajv().compile(schema)
  cache.set(schema, made)
  return made
}

const cache = new WeakMap<JsonSchema, ValidateFunction>()

/** The key of a generated validator. Schemas with the same text are equal. */
export const digestOf = (schema: JsonSchema): string =>
  createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 32)

/** @param options added to those of all validators */
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

import { _ } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { digestOf, newAjv } from '../../engine/config/schema/validator.js'
import { settingsSchemas } from '../../engine/config/settings.js'
import type { JsonSchema } from '../../engine/core/json.js'
import { setup } from '../../engine/facts/setup.js'
import { modules } from '../../engine/modules/index.js'
import { controls } from '../../engine/playbook/control/controls.js'
import { bundledRoles } from '../../engine/playbook/roles/bundled-roles.js'

/** Every schema that comes with tkplay: of modules, control steps, roles and settings. */
export const ownSchemas = async (): Promise<readonly JsonSchema[]> => [
  ...settingsSchemas,
  ...[...modules, setup, ...controls.values(), ...(await bundledRoles())].map(({ params }) => params),
]

/**
 * Validators as code, by the digest of their schema. Each is a CommonJS module that exports a function as ajv would have compiled it.
 * @param formats what the code requires `formats` from
 */
export const validators = (schemas: readonly JsonSchema[], formats: string): ReadonlyMap<string, string> => {
  const ajv = newAjv({ code: { source: true, formats: _`require(${formats}).formats` } })
  return new Map(schemas.map(schema => [digestOf(schema), standalone.default(ajv, ajv.compile(schema))]))
}

import { _ } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { digestOf, newAjv } from '../../engine/config/schema/validator.js'
import { settingsSchemas } from '../../engine/config/settings.js'
import type { JsonSchema } from '../../engine/core/json.js'
import { setup } from '../../engine/facts/setup.js'
import { modules } from '../../engine/modules/index.js'
import { controls } from '../../engine/playbook/control/controls.js'
import { bundledRoles } from '../../engine/playbook/roles/bundled-roles.js'

/** All schemas of tkplay: those of modules, control steps, roles and settings. */
export const ownSchemas = async (): Promise<readonly JsonSchema[]> => [
  ...settingsSchemas,
  ...[...modules, setup, ...controls.values(), ...(await bundledRoles())].map(({ params }) => params),
]

/**
 * The code of validators, by the digest of their schema. Each is a CommonJS module that exports a function as ajv
 * compiles it.
 * @param formats the module from which the code requires `formats`
 */
export const validators = (schemas: readonly JsonSchema[], formats: string): ReadonlyMap<string, string> => {
  const ajv = newAjv({ code: { source: true, formats: _`require(${formats}).formats` } })
  return new Map(schemas.map(schema => [digestOf(schema), standalone.default(ajv, ajv.compile(schema))]))
}

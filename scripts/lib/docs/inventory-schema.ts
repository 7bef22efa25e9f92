import type { JsonObject } from '../../../engine/core/json.js'
import type { Role } from '../../../engine/core/role.js'
import { editorValue } from './editor-params.js'
import { propertiesOf } from './parameters.js'

const text = (description: string): JsonObject => ({ type: ['string', 'integer'], description })

/** Connection variables. Each may also begin with `tkplay_`. */
const connection: JsonObject = {
  ansible_host: text('Its address, where it is not its name.'),
  ansible_port: text('The port of its SSH server.'),
  ansible_user: text('The user to log in as.'),
  ansible_password: text('The password to log in with.'),
  ansible_ssh_private_key_file: text('The private key to log in with.'),
  ansible_ssh_common_args: text('Words for ssh: -o Key=Value, -J HOST.'),
  ansible_connection: { type: 'string', description: 'ssh, or local for this machine.' },
  ansible_become: { type: ['boolean', 'string'], description: 'Run as another user.' },
  ansible_become_user: text('The user to become; root unless told.'),
  ansible_become_password: text('The password that sudo or su asks for.'),
}

/** The schema of a YAML inventory for editors: groups, hosts, and the variables of the roles that come with tkplay. */
export const inventorySchema = (roles: readonly Role<never>[]): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'tkplay inventory',
  type: 'object',
  additionalProperties: { $ref: '#/$defs/group' },
  $defs: {
    group: {
      type: ['object', 'null'],
      properties: {
        hosts: { type: ['object', 'string', 'null'], additionalProperties: { $ref: '#/$defs/vars' } },
        children: { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/group' } },
        vars: { $ref: '#/$defs/vars' },
      },
      additionalProperties: false,
    },
    vars: {
      type: ['object', 'null'],
      properties: {
        ...connection,
        ...Object.fromEntries(
          roles.flatMap(({ params }) => propertiesOf(params).map(([name, property]) => [name, editorValue(property)])),
        ),
      },
    },
  },
})

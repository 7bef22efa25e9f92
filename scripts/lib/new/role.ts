import type { Files } from '../generated.js'

/** A working role of two steps, with its README and its test, to be changed. */
export const newRole = (name: string): Files =>
  new Map([
    [`roles/${name}/role.ts`, source(name)],
    [`roles/${name}/README.md`, readme(name)],
    [`test/roles/${name}.test.ts`, test(name)],
  ])

/**
 * A parameter's name. Parameters are host variables, and share one name space with all other roles, so they begin with
 * the role's name.
 */
const parameter = (name: string): string => `${name.replaceAll('-', '_')}_greeting`

const source = (name: string): string => `import type { JsonSchema } from '../../engine/core/json.js'
import { defineRole, step } from '../../engine/core/role.js'

interface Params {
  readonly ${parameter(name)}: string
}

const properties = {
  ${parameter(name)}: {
    type: 'string',
    default: 'Welcome.',
    description: 'The text that a login shows.',
  },
} satisfies { readonly [name in keyof Params]: JsonSchema }

/** Greets who logs in. */
export default defineRole<Params>({
  name: '${name}',
  doc: 'Greets who logs in.',
  params: { type: 'object', properties },
  steps: p => [
    step('folder of greetings', 'file', { path: '/etc/motd.d', state: 'directory', mode: '0755' }),
    step('greeting', 'copy', {
      dest: '/etc/motd.d/${name}',
      content: \`\${p.${parameter(name)}}\\n\`,
      mode: '0644',
    }),
  ],
})
`

const readme = (name: string): string => `# ${name}

Greets who logs in: one file under \`/etc/motd.d\`.

\`\`\`yaml
- hosts: all
  become: true
  roles:
    - role: ${name}
      ${parameter(name)}: Authorised users only.
\`\`\`

All parameters: [docs/roles/${name}.md](../../docs/roles/${name}.md).
`

const test = (name: string): string => `import t from 'tap'
import type { View } from '../../engine/core/role.js'
import role from '../../roles/${name}/role.js'

const host = { name: 'node1', address: '192.0.2.1', groups: [], facts: {}, variable: () => undefined, inPlay: true }
const view: View = { host, facts: {}, hosts: [host], group: () => [] }

t.test('its steps, in order', async t => {
  const steps = role.steps({ ${parameter(name)}: 'Hello.' }, view)
  t.same(
    steps.map(step => step.name),
    ['folder of greetings', 'greeting'],
  )
})
`

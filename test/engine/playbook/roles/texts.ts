/** A play with these roles. */
export const site = (roles: string) => `- hosts: all\n  roles:\n${roles.replace(/^(?=.)/gm, '    ')}\n`

/** A role in TypeScript. */
export const code = `import { defineRole, step } from 'tkplay'
interface P { readonly size: number }
export default defineRole<P>({
  name: 'ts',
  doc: 'A role.',
  params: { type: 'object', additionalProperties: false, properties: { size: { type: 'integer', default: 1 }, kind: { type: 'string' } } },
  steps: ({ size }) => [step('a', 'command', { cmd: String(size) })],
})
`

import { defineModule } from '../../core/module.js'
import { output } from '../../core/read.js'
import * as schema from '../support/schema.js'

interface Params {
  readonly data: string
}

/** Whether a host answers. */
export const ping = defineModule<Params, string, never>({
  name: 'ping',
  kind: 'state',
  verify: 'strict',
  doc: 'Answers `pong`: the host can be reached, logged in to, and has a shell.',
  params: schema.object({ data: schema.str('What to answer instead.', { default: 'pong' }) }),
  examples: `
- name: Is it there?
  ping:
`,
  writes: [],
  probe: () => output('echo here'),
  plan: () => ({ changes: [] }),
  apply: async () => {},
  value: ({ data }) => ({ ping: data }),
})

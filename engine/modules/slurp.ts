import { NotObserved } from '../core/failure.js'
import { defineModule } from '../core/module.js'
import { read } from '../core/read.js'
import { sh } from '../shell/quote.js'
import { saysAbsent, shellPath } from './lib/path.js'
import * as schema from './lib/schema.js'

interface Params {
  readonly src: string
}

interface Seen {
  /** Base64; absent where there is no such file. */
  readonly content?: string
}

/** A file's bytes. Semantics: Ansible's `slurp`. */
export const slurp = defineModule<Params, Seen, never>({
  name: 'slurp',
  kind: 'state',
  verify: 'strict',
  doc: 'Reads a file of the host: `content` is base64, for `b64decode`.',
  params: schema.object({ src: schema.path('The file.', { aliases: ['path'] }) }, ['src']),
  examples: `
- name: The cluster's CA
  slurp:
    src: /etc/kubernetes/pki/ca.crt
  register: ca
`,
  probe: ({ src }) =>
    read(
      sh`LC_ALL=C cat -- ${shellPath(src)}`,
      raw => {
        if (raw.rc === 0) return { content: Buffer.from(raw.stdout).toString('base64') }
        if (saysAbsent(raw)) return {}
        throw new NotObserved(raw)
      },
      { timeout: 60_000 },
    ),
  plan: ({ src }, { content }) =>
    content === undefined ? { needs: `file ${src}`, remedy: 'name a file that is there' } : { changes: [] },
  apply: async () => {},
  value: ({ src }, { content }) => ({ content: content ?? '', source: src, encoding: 'base64' }),
})

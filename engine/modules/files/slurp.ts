import { NotObserved } from '../../core/failure.js'
import { defineModule } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { fileMessages } from '../support/edit.js'
import { needsFile } from '../support/needs.js'
import { resolved } from '../support/nul-records.js'
import { saysAbsent, shellPath } from '../support/path.js'
import * as schema from '../support/schema.js'
import { lookAt } from '../support/writes.js'

interface Params {
  readonly src: string
}

interface Seen {
  /** Its name with `~` resolved, and where that leads. */
  readonly names: readonly string[]
  /** Base64; absent where there is no such file. */
  readonly content?: string
  readonly folder?: true
  /** A pipe, a device: what has no end. */
  readonly special?: true
}

/** Exit code that cat does not have. */
const endless = 45

/** A file's bytes. Semantics: Ansible's `slurp`. */
export const slurp = defineModule<Params, Seen, never>({
  name: 'slurp',
  kind: 'state',
  verify: 'strict',
  doc: `Reads a file of the host: \`content\` is base64, for \`b64decode\`.

In a dry run it is unknown where an earlier task would change the file. \`check_mode: false\` asks for today's.`,
  params: schema.object({ src: schema.path('The file.', { aliases: ['path'] }) }, ['src']),
  examples: `
- name: The cluster's CA
  slurp:
    src: /etc/kubernetes/pki/ca.crt
  register: ca
`,
  writes: [],
  looks: (_params, { names, content, folder, special }) =>
    lookAt(names, content !== undefined || folder === true || special === true),
  probe: ({ src }) =>
    read(
      [
        sh`f=${shellPath(src)}; r=; if [ -L "$f" ]; then ${new ShellText(resolved('"$f"'))}; fi`,
        sh`printf '%s\0%s\0' "$f" "$r"; if [ -e "$f" ] && [ ! -f "$f" ] && [ ! -d "$f" ]; then exit ${endless}; fi; LC_ALL=C cat -- "$f"`,
      ].join('\n'),
      raw => {
        const all = Buffer.from(raw.stdout)
        const end = all.indexOf(0, all.indexOf(0) + 1)
        const names = text(all.subarray(0, end))
          .split('\0')
          .filter(name => name !== '')
        if (raw.rc === 0) return { names, content: all.subarray(end + 1).toString('base64') }
        if (saysAbsent(raw)) return { names }
        if (/Is a directory/.test(text(raw.stderr))) return { names, folder: true }
        if (raw.rc === endless) return { names, special: true }
        throw new NotObserved(raw)
      },
      { timeout: 60_000 },
    ),
  plan({ src }, { content, folder, special }) {
    if (folder === true) return { refused: 'is-directory', data: { path: src } }
    if (special === true) return { refused: 'not-a-file', data: { path: src } }
    return content === undefined ? { ...needsFile(src), remedy: 'name a file that is there' } : { changes: [] }
  },
  apply: async () => {},
  value: ({ src }, { content }) => ({ content: content ?? '', source: src, encoding: 'base64' }),
  messages: fileMessages,
})

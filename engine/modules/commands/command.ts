import { defineModule } from '../../core/module.js'
import { shellWords } from '../../python/shell-words.js'
import { command as commandLine } from '../../shell/quote.js'
import { expandingWords } from '../support/expanding-words.js'
import { type Guard, guardLooks, probeGuard } from '../support/guard.js'
import { field } from '../support/message-data.js'
import * as schema from '../support/schema.js'
import {
  type CommandParams,
  commandMessages,
  commandProperties,
  commandValue,
  type RunCommand,
  runCommand,
} from './run-command.js'

interface Params extends CommandParams {
  readonly cmd?: string
  readonly argv?: readonly string[]
  readonly expand_argument_vars: boolean
}

/** A program with its arguments, without a shell. Semantics: Ansible's `command`, and `unless`. */
export const command = defineModule<Params, Guard, RunCommand>({
  name: 'command',
  kind: 'action',
  freeForm: 'cmd',
  doc: `Runs a program: words and quotes, but no pipes, globs or \`&&\` (those are \`shell\`'s).

It counts as changed each time, unless \`creates\`, \`removes\` or \`unless\` say that it need not run, or \`changed_when\` says otherwise. A dry
run never runs it.`,
  params: schema.object(
    {
      cmd: schema.str('The command line.', { examples: ['uptime'] }),
      argv: schema.list('The command as a list: nothing in it is split or unquoted.', { minItems: 1 }),
      expand_argument_vars: schema.bool('Put in `$NAME` and a leading `~` on the host.', true),
      ...commandProperties,
    },
    [],
    { oneOf: [{ required: ['cmd'] }, { required: ['argv'] }] },
  ),
  examples: `
- name: Which kernel is this?
  command: uname -r
  register: kernel
  changed_when: false

- name: A key of its own
  command:
    argv: [ssh-keygen, -q, -t, ed25519, -N, '', -f, /root/.ssh/id_ed25519]
    creates: /root/.ssh/id_ed25519
`,

  looks: guardLooks,
  probe: probeGuard,

  plan(params, { met }) {
    if (met !== undefined) return { changes: [] }
    try {
      const [program] = wordsOf(params)
      return { changes: [{ kind: 'run', summary: `runs ${program ?? 'nothing'}` }] }
    } catch (error) {
      if (error instanceof RangeError) return { refused: 'bad-quoting', data: { message: error.message } }
      throw error
    }
  },

  apply(_change, params, host) {
    const words = wordsOf(params)
    const line = params.expand_argument_vars ? expandingWords(words) : commandLine(words)
    const [program] = words
    const isPlain = program !== undefined && !(params.expand_argument_vars && /[$~]/.test(program))
    return runCommand(params, { text: `exec ${line}`, ...(isPlain ? { program } : {}) }, words, host)
  },

  value: (params, seen, applied) => commandValue(params, seen, seen.met === undefined ? [] : wordsOf(params), applied),

  messages: {
    codes: {
      ...commandMessages.codes,
      'bad-quoting': data => ({
        what: `the command line cannot be split into words: ${field(data, 'message')}`,
        remedy: 'close the quote, or give the words as argv',
      }),
    },
  },
})

const wordsOf = ({ argv, cmd }: Params): readonly string[] => argv ?? shellWords(cmd ?? '')

import { posix } from 'node:path'
import { defineModule } from '../../core/module.js'
import { sh } from '../../shell/quote.js'
import { type Guard, guardLooks, probeGuard } from '../support/guard.js'
import * as schema from '../support/schema.js'
import { isPlainCommand } from './plain-command.js'
import {
  type CommandParams,
  commandMessages,
  commandProperties,
  commandValue,
  type Line,
  type RunCommand,
  runCommand,
} from './run-command.js'

interface Params extends CommandParams {
  readonly cmd: string
  readonly executable: string
}

const usual = '/bin/sh'

/** Shell text. Semantics: Ansible's `shell`, and `unless`. */
export const shell = defineModule<Params, Guard, RunCommand>({
  name: 'shell',
  kind: 'action',
  freeForm: 'cmd',
  doc: `Runs text in a shell: pipes, globs, redirections.

It counts as changed each time, unless \`creates\`, \`removes\` or \`unless\` say that it need not run, or \`changed_when\` says otherwise. A dry
run never runs it. The text is not shown in the host's list of processes.`,
  params: schema.object(
    {
      cmd: schema.str('The shell text.', { examples: ['uptime'] }),
      executable: schema.path('The shell.', { default: usual, examples: ['/bin/bash'] }),
      ...commandProperties,
    },
    ['cmd'],
  ),
  examples: `
- name: How full are the disks?
  shell: df -P / | tail -1
  register: disk
  changed_when: false

- name: A file of zeros
  shell: head -c 1M /dev/zero > zeros
  args:
    chdir: /var/tmp
    creates: zeros
    executable: /bin/bash
`,

  looks: guardLooks,
  probe: probeGuard,

  plan: (_params, { met }) => ({
    changes: met === undefined ? [{ kind: 'run', summary: 'runs a shell command' }] : [],
  }),

  apply: (_change, params, host) => runCommand(params, started(params), params.cmd, host),

  value: (params, seen, applied) => commandValue(params, seen, params.cmd, applied),

  messages: commandMessages,
})

/**
 * A shell of its own, since the text may say `$$` or `exit`. The text goes in by the environment, which only its owner can read, and
 * not as an argument, which everybody can. Other interpreters (`executable: /usr/bin/python3`) know no eval and get it as an argument.
 */
const started = ({ executable, cmd }: Params): Line => {
  if (executable === usual && isPlainCommand(cmd)) return { text: `exec ${cmd}`, inShell: true }
  const text = /^(ba|da|a|z|k|mk)?sh$/.test(posix.basename(executable))
    ? sh`export TKPLAY_TEXT=${cmd}; exec ${executable} -c ${'TKPLAY=$TKPLAY_TEXT; unset TKPLAY_TEXT; eval "$TKPLAY"'}`
    : sh`exec ${executable} -c ${cmd}`
  return { text, program: executable }
}

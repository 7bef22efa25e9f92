import * as schema from '../../modules/support/schema.js'
import type { Control } from './control.js'

/** Steps that show something, or decide how the run goes on. */
export const saying: readonly Control[] = [
  {
    name: 'debug',
    doc: `Shows a message, or what a variable holds.

It asks no host. What is not known in a dry run is shown as such; what is undefined too.`,
    params: schema.object(
      {
        msg: { description: 'What to show: a text, a list or a dict. `Hello world!` unless told.' },
        var: schema.str('The name of a variable, or an expression without braces. Not beside `msg`.'),
        verbosity: schema.int('Show it only with this many `-v`.'),
      },
      [],
      { not: { required: ['msg', 'var'] } },
    ),
    examples: `
- debug:
    msg: "{{ inventory_hostname }} is at {{ ansible_host }}"
- debug:
    var: groups.control_plane
`,
    alone: true,
  },
  {
    name: 'assert',
    doc: 'Fails unless all of its conditions hold.',
    params: schema.object(
      {
        that: {
          anyOf: [{ type: 'array' }, { type: 'string' }, { type: 'boolean' }],
          description: 'Conditions as in `when`, without braces.',
          examples: ['x is defined'],
        },
        fail_msg: { description: 'What to say when one does not hold: a text or a list.', aliases: ['msg'] },
        success_msg: { description: 'What to say when all hold: a text or a list.' },
        quiet: { type: 'boolean', description: 'Say nothing when all hold.' },
      },
      ['that'],
    ),
    examples: `
- name: The version is one that we know
  assert:
    that:
      - kube_version is defined
      - kube_version is version('1.30', '>=')
    fail_msg: set kube_version to 1.30 or later
`,
    alone: true,
  },
  {
    name: 'fail',
    doc: 'Fails, with a message. Mostly under a `when`.',
    params: schema.object({
      msg: { description: 'Why: a text, a list or a dict. `Failed as requested from task` unless told.' },
    }),
    examples: `
- name: Not on old systems
  fail:
    msg: this needs Debian 12 or later
  when: ansible_facts.distribution_major_version is version('12', '<')
`,
    alone: true,
  },
  {
    name: 'pause',
    doc: `Waits a while, or for an answer on the terminal, once for all hosts of the batch. What was read of hosts before is read again after it.

Without \`seconds\` and \`minutes\` it waits for Enter, and \`register\` holds \`user_input\` on all hosts. Where there is no terminal it goes on
at once, with a warning. A dry run asks as well, since what follows may hang on the answer; it does not wait. Ctrl-C ends the run.`,
    params: schema.object({
      seconds: { type: 'number', description: 'How long; at least one second.' },
      minutes: { type: 'number', description: 'How long. Not beside `seconds`.' },
      prompt: schema.str('What to ask; beside `seconds` or `minutes` it is only shown.'),
      echo: {
        type: 'boolean',
        description: 'Whether the answer is seen while it is typed. What is not seen is a secret in output, too.',
      },
    }),
    examples: `
- name: Let the others notice
  pause:
    seconds: 5
- name: Somebody has looked at the first machines
  pause:
    prompt: Go on with the others (yes/no)
  register: go
- meta: end_play
  when: go.user_input != 'yes'
`,
    alone: true,
  },
  {
    name: 'meta',
    doc: 'Says how the run goes on: runs handlers now, ends a host, a batch, a play or a role.',
    params: schema.object(
      {
        action: schema.oneOf('What to do.', [
          'flush_handlers',
          'end_play',
          'end_batch',
          'end_host',
          'end_role',
          'clear_facts',
          'reset_connection',
          'noop',
        ]),
      },
      ['action'],
    ),
    freeForm: 'action',
    examples: `
- name: Restart now what was notified
  meta: flush_handlers
- name: Nothing more to do on a host that has it all
  meta: end_host
  when: done.stat.exists
`,
  },
]

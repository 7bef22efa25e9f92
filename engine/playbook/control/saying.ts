import * as schema from '../../modules/lib/schema.js'
import type { Control } from './control.js'

/** What says something, or ends something. */
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
    doc: `Waits a while. A dry run does not wait.

A \`prompt\` is accepted, and nobody is asked: a run waits for no keyboard. \`run --step\` asks before each task.`,
    params: schema.object({
      seconds: { type: 'number', description: 'How long.' },
      minutes: { type: 'number', description: 'How long, where `seconds` does not say.' },
      prompt: schema.str('Not shown.'),
      echo: { type: 'boolean', description: 'No effect.' },
    }),
    examples: `
- name: Let the others notice
  pause:
    seconds: 5
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

import t from 'tap'
import { load } from '../load.js'

/** Below `- hosts: all`. */
const doubtful: readonly (readonly [play: string, warnings: readonly string[]])[] = [
  ['  tasks: [{ping: , retries: -1, delay: -2}]', ["3:29: 'retries' is negative", "3:40: 'delay' is negative"]],
  [
    '  tasks: [{ping: , loop: [1], loop_control: {extended: "{{ x }}"}}]',
    ["3:56: 'extended' holds a template, and counts as false"],
  ],
  [
    '  tasks: [{ping: , register: hostvars}]',
    ["3:30: 'hostvars' has the value that the run gives it, whatever is set here"],
  ],
  [
    '  vars: {groups: [a]}\n  tasks: [{set_fact: {inventory_hostname: x}}]',
    [
      "3:10: 'groups' has the value that the run gives it, whatever is set here",
      "4:23: 'inventory_hostname' has the value that the run gives it, whatever is set here",
    ],
  ],
  ['  module_defaults: {pnig: {data: x}, zzz_zzz: {a: b}}', ["3:21: module_defaults: there is no module 'pnig'"]],
  ['  handlers: [{ping: }, {ping: , listen: x}, {include_tasks: x.yml}]', ['3:14: a handler without a name']],
  [
    '  tasks:\n    - {ping: , notify: x}\n    - {copy: {dest: /x}, notify: x, when: y}\n    - {copy: {dest: /x}, notify: x, changed_when: false}',
    ["4:24: no handler is called 'x'", "5:34: no handler is called 'x'", "6:34: no handler is called 'x'"],
  ],
  [
    '  tasks:\n    - notify: x\n      block:\n        - {ping: , when: a}\n        - {ping: , when: b}',
    ["4:15: no handler is called 'x'"],
  ],
  ['  tasks: [{include_tasks: "{{ x }}"}, {copy: {dest: /x}, notify: x}]', ["3:66: no handler is called 'x'"]],
  ['  tasks: [{copy: {dest: /x}, notify: "{{ x }}"}]', []],
  ['  tasks: [{copy: {dest: /x}, notify: restart x}]\n  handlers: [{name: "restart {{ y }}", ping: }]', []],
]

t.test('what may be meant is a warning', async t => {
  for (const [play, expected] of doubtful) {
    const { warnings } = await load(t, { 'site.yml': `- hosts: all\n  gather_facts: false\n${play}\n`, 'x.yml': '[]' })
    t.strictSame(
      warnings.map(({ message, source }) => `${source?.line}:${source?.col}: ${message}`),
      expected,
      play,
    )
  }
  const { warnings } = await load(t, { 'site.yml': '[]\n' })
  t.match(warnings, [{ message: 'a playbook without plays' }])
})

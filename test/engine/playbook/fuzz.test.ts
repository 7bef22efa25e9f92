import fc from 'fast-check'
import t from 'tap'
import { ConfigError } from '../../../engine/core/failure.js'
import { load } from './load.js'

const playbook = `- name: p
  hosts: [web, db]
  vars: {a: 1, b: "{{ a }}"}
  vars_files: [v.yml]
  serial: [1, "50%"]
  become: true
  roles:
    - {role: r, x: 1, tags: [t]}
  pre_tasks:
    - debug: msg="{{ a }}"
  tasks:
    - name: n {{ a }}
      copy: {dest: /x, mode: 0644, content: "{{ b }}"}
      when: a == 1
      loop: [1, "{{ b }}"]
      loop_control: {label: x}
      register: out
      until: out is success
      retries: 3
      notify: h
    - block:
        - command: ls chdir=/tmp
          changed_when: false
      rescue:
        - include_tasks: {file: t.yml, apply: {become: yes}}
      always:
        - import_tasks: t.yml
    - import_role: {name: r, tasks_from: main}
    - set_fact: {f: "{{ out.x }}"}
    - assert: {that: [a is defined, "b > 1"]}
    - meta: flush_handlers
  handlers:
    - {name: h, ping: , listen: [l]}
- import_playbook: other.yml
  vars: {c: 1}
`
const others = {
  'v.yml': 'v: 1\n',
  't.yml': '- ping:\n',
  'other.yml': '- hosts: all\n',
  'roles/r/tasks/main.yml': '- ping:\n',
  'roles/r/meta/main.yml': 'dependencies: []\n',
}

/** A place, how much to take away there, and what to put in its stead. */
const slip = fc.record({
  at: fc.nat(playbook.length - 1),
  cut: fc.nat(12),
  put: fc.constantFrom(
    '',
    ' ',
    '  ',
    '\n',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '{{',
    '}}',
    '{% if %}',
    '*x',
    '&x ',
    '!vault ',
    '1',
    'null',
    'yes',
    '~',
    '\t',
    '<<: ',
    'x',
    '% ',
    '#',
  ),
})

t.test('whatever is wrong with a playbook, it is told with a place and a cure', async t => {
  t.setTimeout(300_000)
  await load(t, { 'site.yml': playbook, ...others })
  await fc.assert(
    fc.asyncProperty(fc.array(slip, { minLength: 1, maxLength: 2 }), async slips => {
      let text = playbook
      for (const { at, cut, put } of slips) text = text.slice(0, at) + put + text.slice(at + cut)
      try {
        await load(t, { 'site.yml': text, ...others }, { inventoryNames: [] })
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        for (const { source, hint, message } of error.all) {
          if (source === undefined || source.line < 1 || source.col < 1 || hint === undefined)
            throw new Error(`no place or cure: ${message}\n${text}`)
        }
      }
    }),
    { numRuns: 150 },
  )
})

import t from 'tap'
import { ownSteps, tasks, value } from '../load.js'

const params: readonly (readonly [yaml: string, params: unknown])[] = [
  ['- ping:', {}],
  ['- ansible.builtin.ping: {data: x}', { data: 'x' }],
  ['- copy: dest=/x content="a b"', { dest: '/x', content: 'a b' }],
  ['- copy: {dest: /x}\n  args: {content: a, dest: /y}', { dest: '/x', content: 'a' }],
  ['- copy:\n  args: {content: a, dest: /y}', { dest: '/y', content: 'a' }],
  ['- copy: {dest: /x}\n  args: "{{ more }}"', { content: 'm', dest: '/x' }],
  ['- copy: "{{ more }}"', { content: 'm' }],
  ['- shell: echo a=1 chdir=/tmp', { cmd: 'echo a=1', chdir: '/tmp' }],
  ['- command: {argv: [a, b]}', { argv: ['a', 'b'] }],
  ['- shell: |\n    a\n    b', { cmd: 'a\nb' }],
  ['- service: {name: x, state: "{{ s }}"}', { name: 'x', state: 'started' }],
  ['- action: copy dest=/x content=y', { dest: '/x', content: 'y' }],
  ['- local_action: {module: copy, dest: /x}', { dest: '/x' }],
  ['- meta: flush_handlers', { action: 'flush_handlers' }],
  ['- debug: msg=hello', { msg: 'hello' }],
  ['- set_fact: {a: 1, b: "{{ s }}"}', { a: 1, b: 'started' }],
  ['- include_vars: x.yml', { file: 'x.yml' }],
  ['- copy: {dest: /x, mode: 0620}', { dest: '/x', mode: '0620' }],
  ['- copy: {dest: /x, content: 5}', { dest: '/x', content: '5' }],
]

t.test('parameters in all their spellings', async t => {
  const values = { more: new Map([['content', 'm']]), s: 'started' }
  for (const [yaml, wanted] of params) {
    const [step] = ownSteps(await tasks(t, yaml))
    t.same(value(step?.params, values), wanted, yaml)
  }
  const [local] = ownSteps(await tasks(t, '- local_action: ping'))
  t.equal(value(local?.delegateTo), 'localhost')
})

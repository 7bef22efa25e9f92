import t from 'tap'
import { load, ownSteps, steps, tasks, value } from './load.js'

t.test('a task', async t => {
  const [step] = ownSteps(
    await tasks(
      t,
      `- name: copy to {{ dest }}
  copy: {dest: "{{ dest }}", content: hi, mode: 0644, force: yes}
  when: [a, b == 1]
  register: copied
  changed_when: false
  failed_when: copied.x
  until: copied.ok
  retries: 5
  delay: "{{ d }}"
  notify: [one, "{{ two }}"]
  become: "yes"
  become_user: "{{ who }}"
  delegate_to: localhost
  environment: {A: "{{ dest }}"}
  ignore_errors: "{{ maybe }}"
  no_log: true
  tags: [a, "b,c"]
  throttle: 2
  timeout: "30"
  run_once: true
  vars: {dest: /tmp/x}
  async: 60
  poll: 0
`,
    ),
  )
  t.match(step?.source, { line: 3, col: 7 })
  t.equal(step?.name?.text, 'copy to {{ dest }}')
  t.equal(step?.module, 'copy')
  t.same(value(step?.params, { dest: '/d' }), { dest: '/d', content: 'hi', mode: '0644', force: true })
  t.same(
    step?.when.map(one => one.text),
    ['a', 'b == 1'],
  )
  t.equal(step?.register, 'copied')
  t.same(
    step?.changedWhen?.map(one => value(one)),
    [false],
  )
  t.same(
    step?.failedWhen?.map(one => one.text),
    ['copied.x'],
  )
  t.same(
    step?.until?.conditions.map(one => one.text),
    ['copied.ok'],
  )
  t.equal(value(step?.until?.retries), 5)
  t.equal(value(step?.until?.delay, { d: 3 }), 3)
  t.same(
    step?.notify.map(one => value(one, { two: '2' })),
    ['one', '2'],
  )
  t.equal(value(step?.become.become), true)
  t.equal(value(step?.become.user, { who: 'me' }), 'me')
  t.equal(value(step?.delegateTo), 'localhost')
  t.same(
    step?.environment.map(one => value(one, { dest: '/d' })),
    [{ A: '/d' }],
  )
  t.equal(value(step?.ignoreErrors, { maybe: false }), false)
  t.equal(value(step?.noLog), true)
  t.same(step?.tags, ['a', 'b', 'c'])
  t.equal(value(step?.throttle), 2)
  t.equal(value(step?.timeout), 30)
  t.equal(value(step?.runOnce), true)
  t.match(
    step?.vars.map(layer => [layer.rank, layer.name, [...layer.bindings.keys()]]),
    [[17, 'task vars', ['dest']]],
  )
  t.equal(value(step?.async?.poll), 0)
})

t.test('what surrounds a task is on it, the innermost wins', async t => {
  const loaded = await load(t, {
    'site.yml': `- hosts: all
  become: true
  become_user: outer
  tags: play
  environment: {A: 1}
  module_defaults: {ansible.builtin.copy: {dest: /default, content: d}}
  tasks:
    - name: b
      when: one
      become_user: inner
      ignore_errors: true
      environment: {B: 2}
      vars: {v: 1}
      tags: [block]
      notify: h
      block:
        - copy: {content: own}
          when: two
          tags: task
          ignore_errors: false
      rescue:
        - ping:
      always:
        - ping:
`,
  })
  const [block] = loaded.plays[0]?.body ?? []
  t.match(block, { kind: 'block', name: 'b', rescue: [{ module: 'ping' }], always: [{ module: 'ping' }] })
  const [step] = ownSteps(loaded)
  t.same(
    step?.when.map(one => one.text),
    ['one', 'two'],
  )
  t.same(step?.tags, ['play', 'block', 'task'])
  t.equal(value(step?.become.become), true)
  t.equal(value(step?.become.user), 'inner')
  t.equal(value(step?.ignoreErrors), false)
  t.same(
    step?.environment.map(one => value(one)),
    [{ A: 1 }, { B: 2 }],
  )
  t.same(
    step?.notify.map(one => value(one)),
    ['h'],
  )
  t.same(value(step?.params), { dest: '/default', content: 'own' })
  t.equal(step?.vars[0]?.rank, 16)
})

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

t.test('loops', async t => {
  const loop = async (yaml: string) => ownSteps(await tasks(t, `- ping:\n  ${yaml}`))[0]?.loop
  t.match(await loop('loop: [1, "{{ a }}"]'), { kind: 'list', variable: 'item' })
  t.same(value((await loop('loop: [1, "{{ a }}"]'))?.items, { a: 2 }), [1, 2])
  const all = await loop(
    'loop: "{{ l }}"\n  loop_control: {loop_var: x, index_var: i, label: "{{ x.n }}", pause: 2, extended: true}',
  )
  t.match(all, { variable: 'x', indexVariable: 'i', extended: true })
  t.equal(value(all?.label, { x: new Map([['n', 7]]) }), 7)
  t.match(await loop('with_items: [1]'), { kind: 'items' })
  t.match(await loop('with_dict: "{{ d }}"'), { kind: 'dict' })
  const sequence = await loop('with_sequence: start=1 end=3')
  t.match(sequence, { kind: 'sequence' })
  t.same(value(sequence?.items), ['1', '2', '3'])
  t.same(value((await loop('with_flattened: [[1, [2]], 3]'))?.items), [1, 2, 3], 'any other name is a lookup')
})

t.test('handlers, sections and the order of things', async t => {
  const { plays } = await load(t, {
    'site.yml': `- name: p
  hosts: [web, "db[0]"]
  serial: [1, "50%"]
  strategy: free
  order: sorted
  gather_facts: no
  force_handlers: true
  max_fail_percentage: 30
  any_errors_fatal: true
  pre_tasks: [{command: pre}]
  tasks: [{command: task}]
  post_tasks: [{command: post}]
  handlers:
    - {name: h, command: handler, listen: [t1, t2]}
  vars_prompt: [{name: asked, prompt: What?, private: no, default: d}]
- hosts: all
`,
  })
  const [play, empty] = plays
  t.match(play, {
    name: 'p',
    order: 'sorted',
    strategy: 'free',
    gatherFacts: false,
    forceHandlers: true,
    prompts: [{ name: 'asked', prompt: 'What?', private: false, default: 'd' }],
    handlers: [{ listen: ['t1', 't2'] }],
  })
  t.equal(value(play?.hosts), 'web,db[0]')
  t.match(play?.hosts.source, { line: 2, col: 11 })
  t.same(
    play?.serial.map(one => value(one)),
    [1, '50%'],
  )
  t.equal(value(play?.maxFailPercentage), 30)
  t.equal(value(play?.anyErrorsFatal), true)
  t.same(
    steps(play?.body ?? []).map(step => Object.values(value(step.params) as object)[0]),
    ['pre', 'flush_handlers', 'task', 'flush_handlers', 'post', 'flush_handlers'],
  )
  t.match(empty, { name: 'all', gatherFacts: true, strategy: 'linear', order: 'inventory', body: [] })
})

t.test('ids are stable and differ', async t => {
  const ids = async () =>
    ownSteps(
      await tasks(t, '- import_tasks: a.yml\n- import_tasks: a.yml\n- ping:\n  name: x\n', { 'a.yml': '- ping:\n' }),
    ).map(step => step.id)
  const [first, second] = [await ids(), await ids()]
  t.same(first, second)
  t.equal(new Set(first).size, 3)
})

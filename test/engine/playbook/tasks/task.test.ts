import t from 'tap'
import { load, ownSteps, tasks, value } from '../load.js'

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

t.test('ids are stable and differ', async t => {
  const ids = async () =>
    ownSteps(
      await tasks(t, '- import_tasks: a.yml\n- import_tasks: a.yml\n- ping:\n  name: x\n', { 'a.yml': '- ping:\n' }),
    ).map(step => step.id)
  const [first, second] = [await ids(), await ids()]
  t.same(first, second)
  t.equal(new Set(first).size, 3)
})

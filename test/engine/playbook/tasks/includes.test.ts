import t from 'tap'
import { rank } from '../../../../engine/core/vars.js'
import { present } from '../../../support/present.js'
import { load, ownSteps, saidOf, steps, tasks, value } from '../load.js'

t.test('import_tasks puts tasks in its place, with its keywords', async t => {
  const [step, last] = ownSteps(
    await tasks(t, '- import_tasks: "sub/{{ which }}.yml"\n  when: w\n  tags: t\n  vars: {which: a, x: 1}\n- ping:\n', {
      'sub/a.yml': '- import_tasks: b.yml\n  become: true\n',
      'sub/b.yml': '- copy: {dest: /x, content: "{{ x }}"}\n',
    }),
  )
  t.match(step, { module: 'copy', source: { file: /sub\/b.yml$/, line: 1 }, tags: ['t'] })
  t.same(
    step?.when.map(one => one.text),
    ['w'],
  )
  t.equal(value(step?.become.become), true)
  t.match(step?.vars, [{ rank: rank.taskVars }])
  t.match(step?.origin.dir, /\/sub$/)
  t.equal(last?.module, 'ping')
})

t.test('include_tasks: what is inside has what surrounds the include, not what is on it', async t => {
  const loaded = await load(
    t,
    {
      'site.yml': `- hosts: all
  tasks:
    - tags: outer
      when: o
      block:
        - include_tasks: {file: "{{ f }}", apply: {become: true, tags: [applied]}}
          when: own
          tags: on_include
          vars: {x: 1}
          loop: [1, 2]
`,
      'a.yml': '- ping:\n  tags: inner\n- include_tasks: b.yml\n',
      'b.yml': '- ping:\n',
    },
    {},
  )
  const include = present(ownSteps(loaded)[0])
  t.match(include, { module: 'include_tasks', tags: ['outer', 'on_include'] })
  t.same(value(include.params, { f: 'a.yml' }), { file: 'a.yml', apply: { become: true, tags: ['applied'] } })
  const item = {
    rank: rank.includeParams,
    name: 'loop',
    bindings: new Map([['item', { value: 2, data: true as const }]]),
  }
  const apply = new Map([['tags', ['applied']]])
  const [ping, nested] = steps(await loaded.loader.includeTasks(include, 'a.yml', [item], apply))
  t.same(ping?.tags, ['outer', 'applied', 'inner'])
  t.same(
    ping?.when.map(one => one.text),
    ['o'],
  )
  t.equal(value(ping?.become.become), true)
  t.same(
    ping?.vars.map(layer => [layer.rank, [...layer.bindings.keys()]]),
    [
      [21, ['x']],
      [21, ['item']],
    ],
  )
  const [deep] = steps(await loaded.loader.includeTasks(present(nested), 'b.yml', []))
  t.same(
    deep?.vars.map(layer => [...layer.bindings.keys()]),
    [['x'], ['item']],
    'and what is included there has it too',
  )
  await t.rejects(loaded.loader.includeTasks(include, 'none.yml', []), { message: 'no such file of tasks: none.yml' })
})

t.test('an include that leads to itself ends by its when', async t => {
  const loaded = await tasks(t, '- include_tasks: a.yml\n', { 'a.yml': '- include_tasks: a.yml\n  when: more\n' })
  t.equal(ownSteps(loaded).length, 1)
})

const refused: readonly (readonly [files: { readonly [path: string]: string }, said: string])[] = [
  [{ 'site.yml': '- import_playbook: none.yml\n' }, 'none.yml:1:1: no such file: none.yml — check the path'],
  [
    { 'site.yml': '- import_playbook: site.yml\n' },
    'site.yml:1:20: site.yml imports itself — take one of the imports out',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n' },
    'site.yml:3:21: no such file of tasks: a.yml — looked for a.yml, tasks/a.yml',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: tsaks/wbe.yml\n', 'tasks/wbe.yml': '' },
    "site.yml:3:21: no such file of tasks: tsaks/wbe.yml — did you mean 'tasks/wbe.yml'?",
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: wbe.yml\n', 'tasks/web.yml': '' },
    "site.yml:3:21: no such file of tasks: wbe.yml — did you mean 'web.yml'?",
  ],
  [
    { 'site.yml': '- hosts: all\n  vars_files: [vars/wbe.yml]\n', 'vars/web.yml': '' },
    "site.yml:2:16: no such file of variables: vars/wbe.yml — did you mean 'vars/web.yml'?",
  ],
  [
    { 'site.yml': '- hosts: all\n  vars_files: [vars/wbe.yml]\n' },
    'site.yml:2:16: no such file of variables: vars/wbe.yml — there is no folder vars',
  ],
  [
    { 'site.yml': '- import_playbook: wbe.yml\n', 'web.yml': '[]\n' },
    "wbe.yml:1:1: no such file: wbe.yml — did you mean 'web.yml'?",
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - include_tasks: a.yml\n' },
    'site.yml:3:7: no such file of tasks: a.yml — looked for a.yml, tasks/a.yml',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n', 'a.yml': '- import_tasks: a.yml\n' },
    'a.yml:1:17: a.yml imports itself — use an include with a `when` that ends it',
  ],
  [
    {
      'site.yml': '- hosts: all\n  roles: [r]\n',
      'roles/r/tasks/main.yml': '- import_role:\n    name: s\n',
      'roles/s/tasks/main.yml': '- import_role:\n    name: r\n',
    },
    'roles/s/tasks/main.yml:2:11: the role r imports itself — use an include with a `when` that ends it',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: "{{ f }}"\n' },
    'site.yml:3:21: import_tasks: its name depends on variables of hosts — use include_tasks: imports are done before any host is known',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n      loop: [1]\n', 'a.yml': '' },
    'site.yml:4:7: import_tasks cannot loop — use include_tasks: it is asked for each item',
  ],
  [
    { 'site.yml': '- hosts: all\n  vars_files: [v.yml]\n' },
    'site.yml:2:16: no such file of variables: v.yml — looked for v.yml',
  ],
  [
    { 'site.yml': '- hosts: all\n  tasks:\n    - include_tasks: a.yml\n', 'a.yml': '- {ping: , whn: x}\n' },
    "a.yml:1:12: unknown keyword 'whn' — did you mean 'when'?",
  ],
]

t.test('what is refused', async t => {
  for (const [files, said] of refused) t.equal(await saidOf(t, files), said, JSON.stringify(files))
})

t.test('a file that a conditional include names is missed only when it is reached', async t => {
  const { warnings } = await tasks(t, '- include_tasks: a.yml\n  when: x\n')
  t.match(warnings, [{ message: 'no such file of tasks: a.yml' }])
})

t.test('handlers that an include brings need no name: who notifies the include runs them', async t => {
  const { warnings } = await load(
    t,
    {
      'site.yml': `- hosts: all
  tasks: [{command: x, notify: topic}]
  handlers:
    - include_tasks: brought.yml
      listen: topic
    - import_tasks: imported.yml
`,
      'brought.yml': '- ping:\n',
      'imported.yml': '- ping:\n',
    },
    {},
  )
  t.match(warnings, [{ message: 'a handler without a name', source: { file: /imported.yml$/ } }])
  t.equal(warnings.length, 1)
})

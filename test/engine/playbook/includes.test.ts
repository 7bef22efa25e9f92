import t from 'tap'
import { rank } from '../../../engine/core/vars.js'
import { load, ownSteps, saidOf, steps, tasks, value } from './load.js'

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
  const [include] = ownSteps(loaded)
  t.match(include, { module: 'include_tasks', tags: ['outer', 'on_include'] })
  t.same(value(include?.params, { f: 'a.yml' }), { file: 'a.yml', apply: { become: true, tags: ['applied'] } })
  const item = {
    rank: rank.includeParams,
    name: 'loop',
    bindings: new Map([['item', { value: 2, data: true as const }]]),
  }
  if (include === undefined) return
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
  if (nested === undefined) return
  const [deep] = steps(await loaded.loader.includeTasks(nested, 'b.yml', []))
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

t.test('import_playbook', async t => {
  const { plays } = await load(t, {
    'site.yml': '- hosts: a\n- import_playbook: other/p.yml\n  when: w\n  tags: t\n  vars: {v: imported}\n',
    'other/p.yml': '- hosts: b\n  vars: {v: own}\n  vars_files: [v.yml]\n  tasks:\n    - import_tasks: t.yml\n',
    'other/v.yml': 'f: 1\n',
    'other/t.yml': '- ping:\n',
  })
  t.same(
    plays.map(play => play.name),
    ['a', 'b'],
  )
  const [step] = steps(plays[1]?.body ?? [])
  t.same(
    step?.when.map(one => one.text),
    ['w'],
  )
  t.same(step?.tags, ['t'])
  t.match(
    plays[1]?.vars.map(layer => layer.bindings),
    [new Map([['v', { value: 'own' }]]), new Map([['v', { value: 'imported' }]]), new Map([['f', { value: 1 }]])],
  )
})

t.test('vars_files: the first that is there; those that need a host come later', async t => {
  const { plays, loader } = await load(t, {
    'site.yml':
      '- hosts: all\n  vars: {os: debian}\n  vars_files:\n    - [none.yml, "{{ os }}.yml"]\n    - "{{ ansible_distribution }}.yml"\n',
    'debian.yml': 'x: 1\n',
    'Debian.yml': 'y: 1\n',
  })
  t.match(plays[0]?.vars.at(-1), { rank: rank.varsFiles, bindings: new Map([['x', { value: 1 }]]) })
  const [later] = plays[0]?.varsFiles ?? []
  t.same(
    later?.names.map(one => one.text),
    ['{{ ansible_distribution }}.yml'],
  )
  if (later !== undefined) t.same([...(await loader.varsFile(['Debian.yml'], later.source)).bindings.keys()], ['y'])
})

t.test('include_vars', async t => {
  const loaded = await tasks(t, '- include_vars: x\n', {
    'vars/x.yml': 'a: 1\n',
    'd/1.yml': 'a: 1\nb: 1\n',
    'd/2.yml': 'b: 2\n',
    'd/n.txt': 'c',
    'd/deep/3.yml': 'c: 3\n',
  })
  const [step] = ownSteps(loaded)
  if (step === undefined) return
  const vars = async (params: { readonly [name: string]: string | number | boolean | readonly string[] }) =>
    Object.fromEntries(
      [...(await loaded.loader.includeVars(step, new Map(Object.entries(params)))).bindings].map(([name, binding]) => [
        name,
        binding.value,
      ]),
    )
  t.same(await vars({ file: 'x' }), { a: 1 })
  await t.rejects(vars({ dir: 'd' }), { message: 'd/n.txt does not end in .yaml, .yml, .json' })
  t.same(await vars({ dir: 'd', ignore_unknown_extensions: true }), { a: 1, b: 2, c: 3 })
  t.same(await vars({ dir: 'd', ignore_files: ['.txt', '2.y.l'] }), { a: 1, b: 1, c: 3 })
  t.same(await vars({ dir: 'd', depth: 1, files_matching: '^1' }), { a: 1, b: 1 })
  t.same(await vars({ file: 'x', name: 'n' }), { n: new Map([['a', 1]]) })
  await t.rejects(vars({ file: 'none.yml' }), { message: 'no such file of variables: none.yml' })
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

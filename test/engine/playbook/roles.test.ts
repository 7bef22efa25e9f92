import t from 'tap'
import { parseYaml } from '../../../engine/config/yaml/yaml.js'
import type { Node } from '../../../engine/core/step.js'
import type { Dict } from '../../../engine/core/value.js'
import { rank } from '../../../engine/core/vars.js'
import { bindings } from '../../../engine/inventory/yaml.js'
import { ansibleFolders } from '../../../engine/playbook/roles/ansible-folders.js'
import { load, ownSteps, saidOf, steps, value } from './load.js'

const site = (roles: string) => `- hosts: all\n  roles:\n${roles.replace(/^(?=.)/gm, '    ')}\n`

t.test('a role in YAML: tasks, handlers, variables, dependencies', async t => {
  const loaded = await load(t, {
    'site.yml': site('- {role: web, port: 80, tags: w, when: c, vars: {v: 1}}\n- base'),
    'roles/web/tasks/main.yml':
      '- copy: {dest: "/{{ port }}"}\n  notify: restart\n- include_tasks: more.yml\n- import_tasks: more.yml\n',
    'roles/web/tasks/more.yml': '- ping:\n',
    'roles/web/handlers/main.yml': '- {name: restart, ping: }\n',
    'roles/web/defaults/main.yml': 'port: 1\nd: 1\n',
    'roles/web/vars/main/1.yml': 'v: 0\n',
    'roles/web/meta/main.yml': 'dependencies:\n  - {role: base, tags: dep}\n',
    'roles/base/tasks/main.yml': '- command: base\n',
  })
  const [play] = loaded.plays
  const [first, web] = play?.body ?? []
  t.match(first, { kind: 'block', role: 'base' })
  t.match(web, { kind: 'block', role: 'web' })
  const [base, copy, include, imported, again] = ownSteps(loaded)
  t.match(base, { tags: ['w', 'dep'], origin: { role: { name: 'base', parents: ['web'] } } })
  t.match(copy?.origin, { role: { name: 'web', path: /roles\/web$/, parents: [] } })
  t.same(
    copy?.when.map(one => one.text),
    ['c'],
  )
  t.same(
    copy?.vars.map(layer => [layer.rank, [...layer.bindings.keys()]]),
    [
      [rank.blockVars, ['v']],
      [rank.roleDefaults, ['port', 'd']],
      [rank.roleVars, ['v']],
      [rank.roleParams, ['port']],
    ],
  )
  t.match(copy?.vars.at(-1)?.bindings.get('port')?.source, { line: 3, col: 19 })
  t.equal(include?.module, 'include_tasks')
  t.equal(imported?.module, 'ping')
  t.match(again, { module: 'command', tags: [] }, 'with other keywords it is another use')
  t.match(play?.handlers, [{ module: 'ping', origin: { role: { name: 'web' } } }])
  t.same(
    play?.vars.map(layer => layer.name),
    ['defaults of role web', 'vars of role web'],
    'which the whole play sees',
  )
  if (include !== undefined)
    t.match(steps(await loaded.loader.includeTasks(include, 'more.yml', [])), [{ module: 'ping' }])
})

t.test('the same use of a role is passed over where it ran, unless the role allows more', async t => {
  const uses = async (meta: string) => {
    const { plays } = await load(t, {
      'site.yml': site('- r\n- r\n- {role: r, x: 1}'),
      'roles/r/tasks/main.yml': '- ping:\n',
      'roles/r/meta/main.yml': meta,
    })
    const own = (plays[0]?.body ?? []).filter(node => node.kind === 'block' && node.role === 'r')
    return own.map(node => (node.kind === 'block' ? node.unlessRan?.replace(/^.*\/roles/, 'roles') : undefined))
  }
  const use = 'roles/r {"role":"r"}'
  t.strictSame(await uses(''), [use, use, 'roles/r {"role":"r","x":1}'])
  t.strictSame(await uses('allow_duplicates: true'), [undefined, undefined, undefined])
})

t.test('the same use of a TypeScript role is passed over too where it ran, as a dependency as well', async t => {
  const of = async (text: string, files: { readonly [path: string]: string } = {}) => {
    const { plays } = await load(t, { 'site.yml': text, 'roles/ts/role.ts': code, ...files })
    const within = (nodes: readonly Node[]): readonly (string | undefined)[] =>
      nodes.flatMap(node =>
        node.kind === 'role'
          ? [node.unlessRan?.replace(/^.*\/roles/, 'roles')]
          : node.kind === 'block'
            ? within(node.body)
            : [],
      )
    return within(plays[0]?.body ?? [])
  }
  const needing = {
    'roles/a/meta/main.yml': 'dependencies: [ts]',
    'roles/a/tasks/main.yml': '- ping:\n',
    'roles/b/meta/main.yml': 'dependencies: [ts]',
    'roles/b/tasks/main.yml': '- ping:\n',
  }
  const use = 'roles/ts {"role":"ts"}'
  t.strictSame(await of(site('- ts\n- ts\n- {role: ts, size: 2}')), [use, use, 'roles/ts {"role":"ts","size":2}'])
  t.strictSame(await of(site('- a\n- b'), needing), [use, use])
  const imports =
    '- hosts: all\n  tasks:\n    - import_role: {name: a}\n    - import_role: {name: b}\n    - import_role: {name: ts}\n'
  t.strictSame(
    await of(imports, needing),
    [use, use, undefined],
    'unless it ran on the host; an import of its own runs',
  )
})

t.test('a role that is used twice has its handlers once', async t => {
  const { plays } = await load(t, {
    'site.yml': site('- {role: r, x: 1}\n- {role: r, x: 2}'),
    'roles/r/tasks/main.yml': '- ping:\n',
    'roles/r/handlers/main.yml': '- {name: a, ping: }\n- {name: b, ping: }\n',
  })
  const handlers = plays[0]?.handlers ?? []
  t.same(
    handlers.map(step => step.name?.text),
    ['a', 'b'],
  )
  t.equal(handlers[0]?.vars.at(-1)?.bindings.get('x')?.value, 2)
})

t.test('import_role and include_role', async t => {
  const loaded = await load(t, {
    'site.yml':
      '- hosts: all\n  tasks:\n    - import_role: {name: r, tasks_from: other}\n      vars: {x: 1}\n    - include_role: {name: "{{ n }}"}\n      vars: {y: 2}\n',
    'roles/r/tasks/main.yml': '- command: main\n',
    'roles/r/tasks/other.yml': '- command: other\n',
    'roles/r/handlers/main.yml': '- {name: h, ping: }\n',
    'roles/r/defaults/main.yml': 'x: 0\n',
  })
  const [other, include] = ownSteps(loaded)
  t.same(value(other?.params), { cmd: 'other' })
  t.equal(include?.module, 'include_role')
  if (include === undefined) return
  const nodes = await loaded.loader.includeRole(include, new Map([['name', 'r']]), [])
  const [main] = steps(nodes)
  t.same(value(main?.params), { cmd: 'main' })
  t.match(
    main?.vars.map(layer => layer.rank),
    [rank.includeParams, rank.roleDefaults],
  )
  t.match(loaded.loader.handlersOf([...nodes]), [{ module: 'ping' }])
  await t.rejects(loaded.loader.includeRole(include, new Map([['name', 'none']]), []), {
    message: 'no such role: none',
  })
})

t.test('arguments of a role are checked on each host', async t => {
  const loaded = await load(t, {
    'site.yml': site('- r'),
    'roles/r/tasks/main.yml': '- ping:\n',
    'roles/r/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    options:\n      size: {type: int, required: true}\n      mode: {choices: [a, b]}\n      list: {type: list, elements: dict, options: {n: {type: str, required: true}}}\n',
  })
  const [check] = ownSteps(loaded)
  t.match(check, { module: 'assert', tags: ['always'] })
  t.match(value(check?.params, { size: '5', mode: 'a' }), { that: true })
  t.match(value(check?.params, { mode: 'c' }), {
    that: false,
    fail_msg: "role r: missing argument 'size' (add size: …); role r: mode: 'c' is none of a, b (choose one of a, b)",
  })
  t.match(value(check?.params, { size: 1, list: [new Map()] }), {
    that: false,
    fail_msg: "role r: list.0: missing argument 'n' (add n: …)",
  })
})

const code = `import { defineRole, step } from 'tkplay'
interface P { readonly size: number }
export default defineRole<P>({
  name: 'ts',
  doc: 'A role.',
  params: { type: 'object', additionalProperties: false, properties: { size: { type: 'integer', default: 1 }, kind: { type: 'string' } } },
  steps: ({ size }) => [step('a', 'command', { cmd: String(size) })],
})
`

t.test('a role in TypeScript runs without a build', async t => {
  const { plays } = await load(t, {
    'site.yml': site('- role: ts\n  kind: "{{ k }}"\n  tags: t\n  become: true'),
    'roles/ts/role.ts': code,
  })
  const [use] = plays[0]?.body ?? []
  if (use?.kind !== 'role') {
    t.fail('no role')
    return
  }
  t.match(use, {
    role: { name: 'ts' },
    inherits: { tags: ['t'], origin: { role: { name: 'ts', path: /roles\/ts$/ } } },
  })
  t.same([...use.given.bindings.keys()], ['kind'])
  t.equal(value(use.inherits.become.become), true)
  t.match(plays[0]?.vars, [{ rank: rank.roleDefaults, bindings: new Map([['size', { value: 1, data: true }]]) }])
  const made = use.role.steps({ size: 3 } as never, {} as never)
  t.match(made, [{ kind: 'role-step', name: 'a', module: 'command' }])
})

const refused: readonly (readonly [files: { readonly [path: string]: string }, said: string | RegExp])[] = [
  [
    { 'site.yml': site('- wbe'), 'roles/web/tasks/main.yml': '' },
    "site.yml:3:7: no such role: wbe — did you mean 'web'?",
  ],
  [{ 'site.yml': site('- zzzzzz') }, /^site.yml:3:7: no such role: zzzzzz — looked in roles, \., .*roles$/],
  [
    { 'site.yml': site('- role: ts\n  siez: 3'), 'roles/ts/role.ts': code },
    "site.yml:4:7: role ts: unknown parameter 'siez' — did you mean 'size'?",
  ],
  [
    { 'site.yml': site('- role: ts\n  size: big'), 'roles/ts/role.ts': code },
    "site.yml:4:7: role ts: size: expected an integer, not 'big' — write a number without quotes",
  ],
  [
    { 'site.yml': site('- ts2'), 'roles/ts2/role.ts': 'export default {}' },
    "roles/ts2/role.ts:1:1: roles/ts2/role.ts is no role: name is missing — write 'export default defineRole({ name, doc, params, steps })'",
  ],
  [
    { 'site.yml': site('- ts3'), 'roles/ts3/role.ts': 'const a = 1\nconst = 3' },
    /^roles\/ts3\/role.ts:2:\d+: the role cannot be loaded: .* — check the code and its imports/,
  ],
  [
    {
      'site.yml': site('- a'),
      'roles/a/tasks/main.yml': '',
      'roles/a/meta/main.yml': 'dependencies: [b]',
      'roles/b/meta/main.yml': 'dependencies: [a]',
    },
    'roles/b/meta/main.yml:1:16: roles depend on each other in a circle: a > b > a — take one of the dependencies out',
  ],
  [
    {
      'site.yml': '- hosts: all\n  tasks:\n    - import_role: {name: a}\n',
      'roles/a/tasks/main.yml': '',
      'roles/a/meta/main.yml': 'dependencies: [b]',
      'roles/b/meta/main.yml': 'dependencies: [a]',
    },
    'roles/b/meta/main.yml:1:16: roles depend on each other in a circle: a > b > a > b > a — take one of the dependencies out',
  ],
  [
    { 'site.yml': site('- {role: a, tasks: x}'), 'roles/a/tasks/main.yml': '- x: [' },
    'roles/a/tasks/main.yml:1:7: a list in brackets is never closed — close it with ]',
  ],
  [
    {
      'site.yml': '- hosts: all\n  tasks:\n    - import_role: {name: a, tasks_from: none}\n',
      'roles/a/tasks/main.yml': '',
    },
    'roles/a/tasks:1:1: the role has no tasks/none — looked for tasks/none.yml, tasks/none.yaml, tasks/none.json in roles/a',
  ],
]

t.test('what is refused', async t => {
  for (const [files, said] of refused) {
    const told = await saidOf(t, files)
    if (typeof said === 'string') t.equal(told, said)
    else t.match(told, said)
  }
})

t.test("variables that are a role's parameters are judged by its schema, for every host those that win", async t => {
  const files = {
    'site.yml': site('- ts4'),
    'roles/ts4/role.ts': code.replace("kind: { type: 'string' }", "kind: { type: 'string', format: 'version' }"),
  }
  const layer = (rank: number, text: string) => ({
    rank,
    name: 'x',
    bindings: bindings(
      parseYaml(text, 'vars.yml') as Dict,
      { file: 'vars.yml', line: 1, col: 1 },
      { problem: () => {} },
    ),
  })
  const told = (all: string, host: string) =>
    saidOf(t, files, {
      inventory: {
        names: ['n'],
        selectForPlay: () => ['n'],
        layersOf: () => [layer(rank.groupVarsInventory, all), layer(rank.hostVarsInventory, host)],
      },
    })
  t.equal(
    await told('kind: 1.30', 'a: 1'),
    "vars.yml:1:1: role ts: kind: the number 1.30 where a version belongs (YAML reads it as 1.3) — quote it: '1.30'",
  )
  t.equal(
    await told('size: many', 'a: 1'),
    "vars.yml:1:1: role ts: size: expected an integer, not 'many' — write a number without quotes",
  )
  t.equal(await told('size: many', 'size: 3'), 'no error', 'it does not win')
  t.equal(await told('size: "{{ x }}"', 'a: 1'), 'no error', 'a template is known later')
})

t.test('a role that is not there is named once, with what would install it', async t => {
  const site = (roles: string) => `- hosts: all\n  roles: [${roles}]\n`
  const none = { 'roles/none/tasks/main.yml': '[]' }
  const said = (roles: string, more = {}) => saidOf(t, { 'site.yml': site(roles), ...none, ...more })
  t.match(
    await said('geerlingguy.none, geerlingguy.none'),
    /^site.yml:2:11: no such role: geerlingguy.none — install it: ansible-galaxy role install geerlingguy.none$/,
  )
  t.match(
    await said('ns.coll.none'),
    /no such role: ns.coll.none — install it: ansible-galaxy collection install ns.coll$/,
  )
  t.match(
    await said('ns.coll.none', { 'collections/requirements.yml': 'collections: [ns.coll]' }),
    /install what is listed: ansible-galaxy install -r .*collections\/requirements.yml$/,
  )
  t.match(await said('nonne'), /did you mean 'none'/)
})

t.test('a role that is not there and may not be reached is a finding, and fails at its turn', async t => {
  const { plays, warnings } = await load(t, {
    'site.yml': `- hosts: all
  roles: [{role: ns.gone, when: x is defined}]
  tasks:
    - include_role: {name: ns.gone}
      ignore_errors: true
    - block: [{import_role: {name: ns.gone}}]
      rescue: [{ping: }]
`,
  })
  t.strictSame(
    warnings.map(({ about, message, source }) => [about, message, source?.line]),
    [2, 4, 6].map(line => ['role', 'no such role: ns.gone', line]),
  )
  const [first] = steps(plays[0]?.body ?? [])
  t.equal(first?.when.length, 1)
  t.throws(() => first?.params.evaluate({ get: () => undefined, names: () => [] }), {
    message: 'no such role: ns.gone',
  })
})

t.test('roles are found where ansible-galaxy puts them', async t => {
  const dir = `${t.testdirName}/elsewhere`
  const saved = { ...process.env }
  t.teardown(() => {
    process.env = saved
  })
  process.env['ANSIBLE_ROLES_PATH'] = `/nowhere:${dir}/roles`
  process.env['ANSIBLE_COLLECTIONS_PATH'] = `${dir}/collections`
  const { plays } = await load(t, {
    'site.yml': '- hosts: all\n  roles: [ns.role, ns.coll.role]\n',
    'elsewhere/roles/ns.role/tasks/main.yml': '- ping:',
    'elsewhere/collections/ansible_collections/ns/coll/roles/role/tasks/main.yml': '- ping:',
  })
  t.same(
    steps(plays[0]?.body ?? []).flatMap(step => step.origin.role?.path ?? []),
    [`${dir}/roles/ns.role`, `${dir}/collections/ansible_collections/ns/coll/roles/role`],
  )
  t.match(ansibleFolders({ ANSIBLE_HOME: '/x' }), {
    roles: ['/x/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'],
  })
})

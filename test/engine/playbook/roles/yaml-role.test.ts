import t from 'tap'
import { rank } from '../../../../engine/core/vars.js'
import { present } from '../../../support/present.js'
import { load, ownSteps, steps, value } from '../load.js'
import { site } from './texts.js'

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
  t.match(steps(await loaded.loader.includeTasks(present(include), 'more.yml', [])), [{ module: 'ping' }])
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
  const nodes = await loaded.loader.includeRole(present(include), new Map([['name', 'r']]), [])
  const [main] = steps(nodes)
  t.same(value(main?.params), { cmd: 'main' })
  t.match(
    main?.vars.map(layer => layer.rank),
    [rank.includeParams, rank.roleDefaults],
  )
  t.match(loaded.loader.handlersOf([...nodes]), [{ module: 'ping' }])
  await t.rejects(loaded.loader.includeRole(present(include), new Map([['name', 'none']]), []), {
    message: 'no such role: none',
  })
})

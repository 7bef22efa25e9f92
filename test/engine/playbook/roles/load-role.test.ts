import t from 'tap'
import { saidOf } from '../load.js'
import { code, site } from './texts.js'

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

import t from 'tap'
import type { PlaybookOptions } from '../../../../engine/playbook/playbook.js'
import { load, saidOf } from '../load.js'

/** Faults of tasks, each an error by itself. */
const faults: readonly (readonly [task: string, about: string, message: string])[] = [
  ['copy: {dst: /x, dest: /x}', 'parameter', "copy: unknown parameter 'dst'"],
  ['copy: {content: x}', 'parameter', "copy: missing parameter 'dest'"],
  ['copy: {dest: /x, mode: 644}', 'parameter', 'copy: mode: the decimal number 644'],
  ['debug: {mgs: x}', 'parameter', "debug: unknown parameter 'mgs'"],
  ['ping: {data: "{{ nowhere }}"}', 'variable', "'nowhere' is not defined anywhere"],
  ['ping: {data: "{{ 1 | nosuchfilter }}"}', 'template', 'nosuchfilter'],
  ['win_feature: {name: x}', 'module', "unknown module 'win_feature'"],
  ['coppy: {dest: /x}', 'module', "unknown module 'coppy'"],
]

/** What lets a play go on where the task fails, or is not reached. */
const guards: readonly (readonly [name: string, playOf: (task: string) => string])[] = [
  ['when', task => `- hosts: all\n  tasks: [{${task}, when: false}]`],
  ['when of a block', task => `- hosts: all\n  tasks: [{when: false, block: [{${task}}]}]`],
  ['ignore_errors', task => `- hosts: all\n  tasks: [{${task}, ignore_errors: true}]`],
  ['ignore_errors of the play', task => `- hosts: all\n  ignore_errors: true\n  tasks: [{${task}}]`],
  ['failed_when', task => `- hosts: all\n  tasks: [{${task}, failed_when: false}]`],
  ['rescue', task => `- hosts: all\n  tasks: [{block: [{${task}}], rescue: [{ping: }]}]`],
  ['in a rescue', task => `- hosts: all\n  tasks: [{block: [{ping: }], rescue: [{${task}}]}]`],
  ['include_tasks', task => `- hosts: all\n  tasks: [{include_tasks: x.yml}]\n#${task}`],
  ['import below an include', task => `- hosts: all\n  tasks: [{include_tasks: imports.yml}]\n#${task}`],
  ['include_role', task => `- hosts: all\n  tasks: [{include_role: {name: r}}]\n#${task}`],
  ['a handler', task => `- hosts: all\n  handlers: [{${task}, name: h}]`],
  ['tags: never', task => `- hosts: all\n  tasks: [{${task}, tags: never}]`],
  ['after end_host', task => `- hosts: all\n  tasks: [{meta: end_host, when: x is defined}, {${task}}]`],
  ['after end_role', task => `- hosts: all\n  roles: [ends]\n#${task}`],
  ['a play for nobody', task => `- hosts: nobody\n  tasks: [{${task}}]`],
  ['tags that are not chosen', task => `- hosts: all\n  tasks: [{${task}, tags: unchosen}]`],
  ['a loop over what may be empty', task => `- hosts: all\n  tasks: [{${task}, loop: "{{ [] }}"}]`],
]

const filesOf = (play: string, task: string) => ({
  'site.yml': play,
  'x.yml': `- {${task}}`,
  'imports.yml': '- import_tasks: x.yml',
  'roles/r/tasks/main.yml': `- {${task}}`,
  'roles/ends/tasks/main.yml': `- {meta: end_role, when: x is defined}\n- {${task}}`,
})

const chosen: Partial<PlaybookOptions> = {
  inventoryNames: ['x'],
  hostsOf: pattern => (pattern === 'nobody' ? [] : ['h1']),
  selects: tags => !tags.includes('never') && !tags.includes('unchosen'),
}

t.test('what comes after an include by a template may not be reached', async t => {
  const after = (include: string) => `- hosts: all\n  tasks: [{${include}}, {coppy: {dest: /x}}]`
  const files = { 'h1.yml': '- {meta: end_play}', 'roles/h1/tasks/main.yml': '- {meta: end_play}' }
  for (const include of ['include_tasks: "{{ x }}.yml"', 'include_role: {name: "{{ x }}"}']) {
    const { warnings } = await load(t, { 'site.yml': after(include), ...files }, chosen)
    t.match(warnings, [{ about: 'module', message: "unknown module 'coppy'" }], include)
  }
  t.match(await saidOf(t, { 'site.yml': after('ping: '), ...files }, chosen), "unknown module 'coppy'")
})

t.test('a fault of a task is refused where it cannot but fail, and else is a finding', async t => {
  for (const [task, about, message] of faults) {
    const bare = filesOf(`- hosts: all\n  tasks: [{${task}, ignore_errors: false}]`, task)
    t.match(await saidOf(t, bare, chosen), 'site.yml:2:', task)
    const after = filesOf(`- hosts: all\n  roles: [ends]\n  tasks: [{${task}}]`, 'ping: ')
    t.match(await saidOf(t, after, chosen), 'site.yml:3:', `after a role that may end itself: ${task}`)
    for (const [name, playOf] of guards) {
      const { warnings } = await load(t, filesOf(playOf(task), task), chosen)
      t.equal(warnings.length, 1, `${name}: ${task}`)
      t.equal(warnings[0]?.about, about, `${name}: ${task}`)
      t.ok(warnings[0]?.message.includes(message), `${name}: ${warnings[0]?.message}`)
    }
  }
})

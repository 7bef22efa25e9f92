import t from 'tap'
import type { PlaybookOptions } from '../../../engine/playbook/playbook.js'
import { indented, load, saidOf, tasks } from './load.js'

/** Tasks stand from line 3, column 5 on. */
const badTasks: readonly (readonly [yaml: string, said: string])[] = [
  ['- coppy: {dest: /x}', "3:7: unknown module 'coppy' — did you mean 'copy'?"],
  ['- ansible.builtin.coppy: {dest: /x}', "3:7: unknown module 'ansible.builtin.coppy' — did you mean 'copy'?"],
  [
    '- zzz_zzz: {dest: /x}',
    "3:7: unknown module 'zzz_zzz' — see what there is: tkplay doc; a program of one's own runs by 'command' or 'shell'",
  ],
  [
    '- add_host: {name: n9}',
    "3:7: 'add_host' is not offered yet — put the hosts into the inventory, or into a group there",
  ],
  [
    '- group_by: {key: k}',
    "3:7: 'group_by' is not offered yet — put the hosts into the inventory, or into a group there",
  ],
  ['- ping:\n  whn: x', "4:7: unknown keyword 'whn' — did you mean 'when'?"],
  [
    '- ping:\n  xyzzy: x',
    "4:7: unknown keyword 'xyzzy' — is it a parameter of the module? Then indent it under the module",
  ],
  ['- ping:\n  hosts: x', "4:7: 'hosts' belongs to a play, not to a task — move it to the play"],
  ['- name: x', "3:7: the task has no module — add one: 'shell: …', 'copy: …', 'include_tasks: …'"],
  [
    '- ping:\n  copy: {dest: /x}',
    "4:7: two modules in one task: 'ping' and 'copy' — make two tasks: each begins with '- '",
  ],
  ['- ping', "3:7: a task must be a dict, not 'ping' — write '- name: …', and the module on the next line"],
  ['- copy: {dst: /x}', "3:14: copy: unknown parameter 'dst' — did you mean 'dest'?"],
  [
    '- copy: {dest: /x, mode: 644}',
    "3:30: copy: mode: the decimal number 644 where a mode belongs (it is 01204 in octal) — write it as octal text: '0644'",
  ],
  ['- copy: {dest: /x, force: maybe}', "3:31: copy: force: expected a boolean, not 'maybe' — write true or false"],
  ['- copy: {dest: [a]}', '3:20: copy: dest: expected a string, not a list — write one value, without brackets'],
  ['- copy: dest=/x moed=1', "3:13: copy: unknown parameter 'moed' — did you mean 'mode'?"],
  [
    '- copy: /x',
    "3:7: copy: missing parameter 'dest' — add dest: …\nsite.yml:3:13: copy takes no bare text ('/x') — write the parameters as 'name: value' lines under it",
  ],
  [
    '- copy: [a]',
    "3:7: copy: missing parameter 'dest' — add dest: …\nsite.yml:3:13: the parameters of copy must be a dict, not a list — write 'parameter: value' lines under it",
  ],
  [
    '- service: {name: x, state: restart}',
    "3:33: systemd: state: 'restart' is none of started, stopped — choose one of started, stopped",
  ],
  [
    '- meta: flush_handler',
    "3:13: meta: action: 'flush_handler' is none of flush_handlers, end_play, end_batch, end_host, end_role, clear_facts, reset_connection, noop — did you mean 'flush_handlers'?",
  ],
  ['- ping:\n  retries: many', "4:16: 'retries' must be a whole number, not 'many' — write a number, or a template"],
  [
    '- ping:\n  become: maybe',
    "4:15: 'become' must be true or false, not 'maybe' — write true or false, or a template",
  ],
  [
    '- ping:\n  when: {a: 1}',
    "4:13: 'when' must be a condition, not a dict — write an expression: ansible_os_family == 'Debian'",
  ],
  [
    '- ping:\n  loop: items',
    "4:13: 'loop' must be a list, not 'items' — write \"{{ items }}\" for a variable, or a list",
  ],
  [
    '- ping:\n  loop: [1]\n  with_items: [2]',
    "5:7: 'with_items' beside 'loop' — a task has one loop: keep one of them",
  ],
  [
    '- ping:\n  loop: [1]\n  loop_control: {loopvar: x}',
    "5:22: unknown key 'loopvar' of loop_control — did you mean 'loop_var'?",
  ],
  [
    '- ping:\n  register: a-b',
    "4:17: 'a-b' is no name for a variable — a name has letters, digits and _, and no digit first",
  ],
  [
    '- set_fact: {a-b: 1}',
    "3:18: 'a-b' is no name for a variable — a name has letters, digits and _, and no digit first",
  ],
  [
    '- ping:\n  tags: "{{ t }}"',
    "4:16: tags: 't' is undefined in «{{ t }}» — tags are chosen before any host is known: use variables of the play or of the command line",
  ],
  [
    '- ping: {loop: [1]}',
    "3:14: ping: unknown parameter 'loop' — it is a keyword of the task: put it beside 'ping:', not under it",
  ],
  ['- ping:\n  vars: [a]', "4:13: 'vars' must be a dict, not a list — write 'name: value' lines under it"],
  ['- ping:\n  environment: a', "4:20: 'environment' must be a dict, not 'a' — write 'NAME: value' lines under it"],
  ['- ping:\n  listen: a', "4:7: 'listen' in a task that is no handler — move the task under 'handlers:'"],
  ['- ping:\n  with_dict: 7', "4:18: 'with_dict' must be a dict, not 7 — write a dict, or a template that gives one"],
  [
    '- ping:\n  with_nested: x',
    "4:20: 'with_nested' must be a list, not 'x' — write a list, or a template that gives one",
  ],
  [
    '- block: [{ping: }]\n  loop: [1]',
    "4:7: a block cannot loop ('loop') — put the tasks in a file, and loop over include_tasks",
  ],
  ['- block: [{ping: }]\n  register: x', "4:7: 'register' belongs to a task, not to a block — put it on each task"],
  ['- rescue: [{ping: }]', "3:7: 'rescue' and 'always' need a 'block' — put the tasks that may fail under 'block:'"],
  ['- block: {ping: }', "3:14: 'block' must be a list of tasks, not a dict — begin each task with '- '"],
]

t.test('tasks that are refused', async t => {
  for (const [yaml, said] of badTasks) {
    t.equal(await saidOf(t, { 'site.yml': `- hosts: all\n  tasks:\n${indented(yaml)}\n` }), `site.yml:${said}`, yaml)
  }
})

const badPlays: readonly (readonly [yaml: string, said: string])[] = [
  ['', "1:1: a playbook is empty — write '- hosts: all', and under it 'tasks:'"],
  ['hosts: all', "1:1: a playbook must be a list of plays, not a dict — begin the play with '- '"],
  ['- all', "1:3: a play must be a dict, not 'all' — write '- hosts: all', and under it 'tasks:'"],
  ['- tasks: []', "1:3: a play without 'hosts' — add 'hosts: all', or a group"],
  ['- hosts:', "1:9: 'hosts' is empty — name a group or host, or 'all'"],
  [
    '- name: x\n  copy: {dest: /x}',
    "1:3: a task where a play belongs — a playbook is a list of plays: write '- hosts: all', and put the tasks under 'tasks:'",
  ],
  ['- hosts: all\n  task: []', "2:3: unknown keyword 'task' of a play — did you mean 'tasks'?"],
  [
    '- hosts: all\n  copy: {}',
    "2:3: unknown keyword 'copy' of a play — a play has hosts, vars, roles, tasks, handlers, …; a module belongs to a task",
  ],
  [
    '- hosts: all\n  when: x',
    "2:3: 'when' belongs to a role, block, task, not to a play — put it on a task, under 'tasks:'",
  ],
  ['- hosts: all\n  strategy: fre', "2:13: 'strategy' is 'fre' — did you mean 'free'?"],
  [
    '- hosts: all\n  serial: half',
    '2:11: \'serial\' must be a whole number, a percentage, or a list of them, not \'half\' — write 2, "30%" or [1, 5, "100%"]',
  ],
  [
    '- hosts: all\n  gather_facts: "{{ x }}"',
    "2:17: 'gather_facts' cannot be told before any host is known — use variables of the play or of the command line, or write true or false",
  ],
  ['- hosts: all\n  roles: common', "2:10: 'roles' must be a list, not 'common' — write '- NAME' lines under it"],
  ['- hosts: all\n  roles: [{tags: x}]', "2:11: a role without a name — write '- role: NAME'"],
  [
    '- hosts: all\n  vars: {1a: x}',
    "2:10: '1a' is no name for a variable — a name has letters, digits and _, and no digit first",
  ],
  [
    '- hosts: all\n  tasks:\n    - ping:\n  tasks:\n    - ping:',
    "4:3: duplicate key 'tasks' — it is given at line 2 already, and only one of the two can count: remove one",
  ],
  [
    '- import_playbook: x.yml\n  hosts: all',
    "2:3: unknown keyword 'hosts' beside import_playbook — it takes name, vars, when and tags\nx.yml:1:1: no such file: x.yml — check the path",
  ],
]

t.test('plays that are refused', async t => {
  for (const [yaml, said] of badPlays) t.equal(await saidOf(t, { 'site.yml': yaml }), `site.yml:${said}`, yaml)
})

t.test('templates that cannot be read have their place', async t => {
  const said = await saidOf(t, {
    'site.yml':
      '- hosts: all\n  tasks:\n    - copy:\n        dest: "a {{ b + }}"\n      when: a ==\n    - ping: {data: "{{ x | nosuchfilter }}"}\n',
  })
  t.match(said.split('\n'), [/^site.yml:4:\d+: /, /^site.yml:5:\d+: /, /^site.yml:6:\d+: .*nosuchfilter/])
})

t.test('all mistakes of all files at once', async t => {
  const said = await saidOf(t, {
    'site.yml': '- hosts: all\n  tsks: []\n  tasks:\n    - pong:\n    - import_tasks: a.yml\n',
    'a.yml': '- ping:\n  whn: x\n',
  })
  t.same(
    said.split('\n').map(line => line.split(': ')[0]),
    ['site.yml:2:3', 'site.yml:4:7', 'a.yml:2:3'],
  )
})

t.test('undefined variables that are certain', async t => {
  const undefinedIn = (yaml: string, more = '') =>
    saidOf(
      t,
      { 'site.yml': `- hosts: all\n${more}  tasks:\n${indented(yaml)}\n` },
      { inventoryNames: ['from_inventory'] },
    )
  t.equal(
    await undefinedIn('- ping: {data: "{{ from_inventry }}"}'),
    "site.yml:3:20: 'from_inventry' is not defined anywhere — did you mean 'from_inventory'?",
  )
  t.equal(
    await undefinedIn('- ping:\n  when: zzz'),
    "site.yml:4:13: 'zzz' is not defined anywhere — define it in vars, in the inventory, or by -e zzz=…",
  )
  t.match(await undefinedIn('- ping:\n  when: [zzz, other]'), "site.yml:4:14: 'zzz' is not defined", 'the first of two')
  t.match(
    await undefinedIn('- when: zzz\n  block: [{ping: , when: other is defined}]'),
    "site.yml:3:13: 'zzz' is not defined",
    'that of a block comes first',
  )
  t.equal(
    await undefinedIn('- ping:\n  loop: "{{ zzz }}"'),
    "site.yml:4:13: 'zzz' is not defined anywhere — define it in vars, in the inventory, or by -e zzz=…",
  )
  for (const fine of [
    '- ping: {data: "{{ from_inventory }}"}',
    '- ping: {data: "{{ zzz | default(1) }}"}',
    '- ping: {data: "{{ zzz }}"}\n  when: other is defined',
    '- ping:\n  when: [from_inventory, zzz]',
    '- ping: {data: "{{ zzz }}"}\n  ignore_errors: true',
    '- block: [{ping: {data: "{{ zzz }}"}}]\n  rescue: [{ping: }]',
    '- ping: {data: "{{ zzz }}"}\n  tags: never',
    '- ping:\n  register: zzz\n- ping: {data: "{{ zzz }}"}',
    '- ping: {data: "{{ item }}"}\n  loop: [1]',
    '- ping: {data: "{{ ansible_os_family }}"}',
    '- include_vars: x.yml\n- ping: {data: "{{ zzz }}"}',
    '- set_fact: {zzz: 1}\n- ping: {data: "{{ zzz }}"}',
  ]) {
    t.equal(await undefinedIn(fine), 'no error', fine)
  }
})

t.test('one mistake is not told again as what follows from it', async t => {
  const said = (yaml: string, more = {}) => saidOf(t, { 'site.yml': yaml, ...more }, { inventoryNames: [] })
  t.equal(
    (await said('- hosts: all\n  tasks:\n    - zzz_zzz:\n      register: a\n    - ping: {data: "{{ a }}"}\n')).split(
      '\n',
    ).length,
    1,
  )
  t.equal(
    (await said('- hosts: all\n  roles: [none]\n  tasks:\n    - ping: {data: "{{ a }}"}\n')).split('\n').length,
    1,
  )
  t.equal(
    (await said('- hosts: all\n  vars_files: [none.yml]\n  tasks:\n    - ping: {data: "{{ a }}"}\n')).split('\n')
      .length,
    1,
  )
})

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

t.test('a name that the condition of a task asks for is not missed in it', async t => {
  const { warnings } = await tasks(t, '- ping: {data: "{{ a.b }}"}\n  when: a is defined', {}, { inventoryNames: [] })
  t.same(warnings, [])
})

/** Below `- hosts: all`. */
const doubtful: readonly (readonly [play: string, warnings: readonly string[]])[] = [
  ['  tasks: [{ping: , retries: -1, delay: -2}]', ["3:29: 'retries' is negative", "3:40: 'delay' is negative"]],
  [
    '  tasks: [{ping: , loop: [1], loop_control: {extended: "{{ x }}"}}]',
    ["3:56: 'extended' holds a template, and counts as false"],
  ],
  [
    '  tasks: [{ping: , register: hostvars}]',
    ["3:30: 'hostvars' has the value that the run gives it, whatever is set here"],
  ],
  [
    '  vars: {groups: [a]}\n  tasks: [{set_fact: {inventory_hostname: x}}]',
    [
      "3:10: 'groups' has the value that the run gives it, whatever is set here",
      "4:23: 'inventory_hostname' has the value that the run gives it, whatever is set here",
    ],
  ],
  ['  module_defaults: {pnig: {data: x}, zzz_zzz: {a: b}}', ["3:21: module_defaults: there is no module 'pnig'"]],
  ['  handlers: [{ping: }, {ping: , listen: x}, {include_tasks: x.yml}]', ['3:14: a handler without a name']],
  [
    '  tasks:\n    - {ping: , notify: x}\n    - {copy: {dest: /x}, notify: x, when: y}\n    - {copy: {dest: /x}, notify: x, changed_when: false}',
    ["4:24: no handler is called 'x'", "5:34: no handler is called 'x'", "6:34: no handler is called 'x'"],
  ],
  [
    '  tasks:\n    - notify: x\n      block:\n        - {ping: , when: a}\n        - {ping: , when: b}',
    ["4:15: no handler is called 'x'"],
  ],
  ['  tasks: [{include_tasks: "{{ x }}"}, {copy: {dest: /x}, notify: x}]', ["3:66: no handler is called 'x'"]],
  ['  tasks: [{copy: {dest: /x}, notify: "{{ x }}"}]', []],
  ['  tasks: [{copy: {dest: /x}, notify: restart x}]\n  handlers: [{name: "restart {{ y }}", ping: }]', []],
]

t.test('what may be meant is a warning', async t => {
  for (const [play, expected] of doubtful) {
    const { warnings } = await load(t, { 'site.yml': `- hosts: all\n  gather_facts: false\n${play}\n`, 'x.yml': '[]' })
    t.strictSame(
      warnings.map(({ message, source }) => `${source?.line}:${source?.col}: ${message}`),
      expected,
      play,
    )
  }
  const { warnings } = await load(t, { 'site.yml': '[]\n' })
  t.match(warnings, [{ message: 'a playbook without plays' }])
})

t.test('the tags of a playbook, and whether there may be more', async t => {
  const tagsIn = async (yaml: string) => {
    const { tags } = await tasks(t, yaml, { 'x.yml': '- {ping: , tags: inside}\n' })
    return { names: [...tags.names].sort(), hidden: tags.hidden }
  }
  t.strictSame(await tagsIn('- {ping: , tags: [a, "b,c"]}\n- {include_tasks: x.yml, when: y}\n'), {
    names: ['a', 'b', 'c', 'inside'],
    hidden: false,
  })
  t.strictSame(await tagsIn('- {include_tasks: "{{ y }}", tags: a}\n'), { names: ['a'], hidden: true })
})

import t from 'tap'
import { saidOf } from '../load.js'

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

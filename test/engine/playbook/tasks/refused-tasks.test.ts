import t from 'tap'
import { indented, saidOf } from '../load.js'

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

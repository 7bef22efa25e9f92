import t from 'tap'
import { indented, saidOf, tasks } from '../load.js'

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

t.test('a name that the condition of a task asks for is not missed in it', async t => {
  const { warnings } = await tasks(t, '- ping: {data: "{{ a.b }}"}\n  when: a is defined', {}, { inventoryNames: [] })
  t.same(warnings, [])
})

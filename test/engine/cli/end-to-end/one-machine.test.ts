import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const local = (hosts: string): readonly string[] => ['-i', hosts, '-e', 'ansible_connection=local']
const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`

t.test('many names of one machine: what one changes the others see', async t => {
  const tasks = `    - lineinfile: {path: "{{ playbook_dir }}/list", line: "{{ inventory_hostname }}", create: true, mode: "0644"}
    - copy: {content: made, dest: "{{ playbook_dir }}/made", mode: "0600"}
      when: inventory_hostname == 'h8'
    - stat: {path: "{{ playbook_dir }}/made"}
      register: made
    - assert: {that: made.stat.exists}
`
  const names = Array.from({ length: 8 }, (_, at) => `h${at + 1}`)
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const args = ['run', 'site.yml', ...local(names.join(',')), '-o', 'plain']
  const first = await tkplay(args, { cwd })
  t.equal(first.code, 0, first.stdout)
  t.strictSame(readFileSync(join(cwd, 'list'), 'utf8').trim().split('\n').sort(), names)
  const again = await tkplay(args, { cwd })
  t.notMatch(again.stdout, /changed=[1-9]/)
})

t.test('until looks again where the task is carried out', async t => {
  const tasks = `    - shell: (sleep 1; touch {{ playbook_dir }}/flag) >/dev/null 2>&1 &
    - stat: {path: "{{ playbook_dir }}/flag"}
      delegate_to: "{{ where }}"
      register: flag
      until: flag.stat.exists
      retries: 50
      delay: 0.2
`
  for (const where of ['h1', 'h2', 'localhost']) {
    const cwd = t.testdir({ 'site.yml': play(tasks) })
    const ran = await tkplay(['run', 'site.yml', ...local('h1,h2,'), '-l', 'h1', '-e', `where=${where}`], { cwd })
    t.equal(ran.code, 0, `${where}: ${ran.stdout}`)
  }
})

t.test('reset_connection waits for what another host does here', async t => {
  const tasks = `    - shell: sleep 2; echo done >>{{ playbook_dir }}/log
      delegate_to: h2
      when: inventory_hostname == 'h1'
    - meta: reset_connection
    - command: cat {{ playbook_dir }}/log
`
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const ran = await tkplay(['run', 'site.yml', ...local('h1,h2,')], { cwd })
  t.equal(ran.code, 0, ran.stdout)
  t.notMatch(ran.stdout, /unreachable=[1-9]/)
})

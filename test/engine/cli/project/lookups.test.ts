import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const files = {
  'hosts.yml': 'all: {vars: {ansible_connection: local}, hosts: {h: {}}}\n',
  'site.yml': `- hosts: all
  gather_facts: false
  vars: {of_play: "{{ lookup('file', 'play.txt') }}"}
  tasks:
    - {name: play, debug: {msg: "{{ of_play }}"}}
    - include_tasks: part/tasks.yml
- hosts: all
  gather_facts: false
  roles: [r]
`,
  files: { 'play.txt': 'of the play', 'both.txt': 'of the play' },
  part: {
    'tasks.yml': `- {name: part, debug: {msg: "{{ lookup('file', 'both.txt') }}, {{ lookup('file', 'play.txt') }}"}}
- {name: found, debug: {msg: "{{ lookup('first_found', ['none', 'files/both.txt']) | basename }}"}}
- {name: copied, copy: {src: both.txt, dest: "{{ playbook_dir }}/copied"}}
- {name: compared, debug: {msg: "{{ lookup('file', playbook_dir ~ '/copied') == lookup('file', 'both.txt') }}"}}
`,
    files: { 'both.txt': 'of the part' },
  },
  roles: {
    r: {
      tasks: { 'main.yml': `- {name: role, debug: {msg: "{{ lookup('file', 'both.txt') }}"}}\n` },
      files: { 'both.txt': 'of the role' },
    },
  },
}

t.test('a program that prints without end, and one that prints much', async t => {
  const task = (command: string): string =>
    `- {hosts: localhost, gather_facts: false, tasks: [{debug: {msg: "{{ lookup('pipe', '${command}') | length }}"}}]}\n`
  const cwd = t.testdir({ 'yes.yml': task('yes'), 'much.yml': task('yes | head -c 8000000') })
  const ran = await tkplay(['run', 'yes.yml'], { cwd })
  t.equal(ran.code, 1, ran.stderr)
  t.match(ran.stdout, /the lookup 'pipe' failed: yes: it printed more than 64 MiB/)
  const much = await tkplay(['run', 'much.yml'], { cwd })
  t.match(much.stdout, /^ +7999999$/m)
})

t.test(
  "lookups look where the task's module looks: in the role, beside the task's file, beside the playbook",
  async t => {
    const cwd = t.testdir({ play: files })
    const ran = await tkplay(['run', 'play/site.yml', '-i', 'play/hosts.yml'], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    t.match(ran.stdout, /h › play\n {2}of the play\n/)
    t.match(ran.stdout, /h › part\n {2}of the part, of the play\n/)
    t.match(ran.stdout, /h › found\n {2}both\.txt\n/)
    t.match(ran.stdout, /h › compared\n {2}true\n/)
    t.match(ran.stdout, /h › r : role\n {2}of the role\n/)
  },
)

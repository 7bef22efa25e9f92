import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const play = (keywords: string, tasks: string): string =>
  `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks}`

const run = (cwd: string) =>
  tkplay(['run', 'site.yml', '-i', 'a,b,', '-e', 'ansible_connection=local', '-o', 'plain'], { cwd })

const undefinedName = "'nope' is undefined in «{{ nope }}»"

t.test('a file of variables that is not there is the failure of its host, and stops what hangs on it', async t => {
  const files = '  vars_files: ["{{ inventory_hostname }}.yml"]\n'
  const tasks = '    - command: echo {{ x }}\n'
  const alone = await run(t.testdir({ 'site.yml': play(files, tasks), 'a.yml': 'x: 1\n' }))
  t.match(alone, { code: 1, stdout: /^failed: b › command: no such file of variables/m })
  t.match(alone.stdout, /^a +ok=0 {2}changed=1 /m)
  const rolling = `${files}  serial: 1\n  order: reverse_inventory\n  any_errors_fatal: true\n`
  const rolled = await run(t.testdir({ 'site.yml': play(rolling, tasks), 'a.yml': 'x: 1\n' }))
  t.equal(rolled.code, 1)
  t.match(rolled.stdout, /^a +ok=0 {2}changed=0 /m, 'the next batch is not begun')
  t.match(rolled.stderr + rolled.stdout, /a did not reach the end of the plays: too many other hosts failed/)
})

t.test('a keyword that cannot be evaluated is a failure with its place, told once, and hides no other', async t => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['', '    - command: echo hi\n      run_once: "{{ nope }}"\n', undefinedName],
    ['', '    - command: "false"\n      any_errors_fatal: "{{ nope }}"\n', 'non-zero return code'],
    ['  max_fail_percentage: "{{ nope }}"\n', '    - command: "false"\n', 'non-zero return code'],
    ['', '    - command: "false"\n      ignore_errors: "{{ nope }}"\n', 'non-zero return code'],
  ]
  for (const [keywords, tasks, told] of cases) {
    const ran = await run(t.testdir({ 'site.yml': play(keywords, tasks) }))
    t.equal(ran.code, 1, ran.stdout + ran.stderr)
    t.match(ran.stdout, told)
    t.match(ran.stdout + ran.stderr, undefinedName)
    t.notMatch(ran.stdout, /failed=[^01]/, 'counted once')
  }
})

t.test('run_once: what it ended by is the end of the others too', async t => {
  const log = '{{ playbook_dir }}/log'
  const tasks = `    - {command: "false", run_once: true, ignore_errors: "{{ nope }}"}\n    - shell: echo after >>${log}\n`
  const ran = await run(t.testdir({ 'site.yml': play('', tasks) }))
  t.equal(ran.code, 1)
  t.match(ran.stdout, /^a .*changed=0 .*failed=1/m)
  t.match(ran.stdout, /^b .*changed=0 .*failed=1/m)
})

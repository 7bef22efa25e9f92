import { spawn } from 'node:child_process'
import t from 'tap'
import { finished, kept, program, tkplayJson } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const local = (hosts: string): readonly string[] => ['-i', hosts, '-e', 'ansible_connection=local']
const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`

t.test('throttle: as many hosts as it says are at the step', async t => {
  const lock = '{{ playbook_dir }}/lock'
  const site = play(`    - name: one
      shell: mkdir ${lock} && sleep 0.3 && rmdir ${lock}
      throttle: 1
    - {name: two, command: "true"}
`)
  const cwd = t.testdir({ 'site.yml': site })
  const ran = await tkplayJson(['run', 'site.yml', ...local('h1,h2,h3,')], { cwd }, tkplay)
  t.equal(ran.code, 0, ran.stdout)
  t.equal(ran.with('changed').length, 6)
})

t.test('async with poll is a limit of time; poll: 0 is refused before anything is done', async t => {
  const cwd = t.testdir({
    'site.yml': play(
      '    - {name: long, command: sleep 30, async: 1, ignore_errors: true, register: r}\n    - assert: {that: r.timedout.period == 1}\n',
    ),
    'bad.yml': play('    - {name: long, command: sleep 30, async: 9, poll: 0}\n    - meta: refresh_inventory\n'),
    'later.yml': play(
      '    - {name: long, command: sleep 30, async: 9, poll: "{{ 5 if ansible_check_mode else 0 }}"}\n',
    ),
  })
  t.equal((await tkplay(['run', 'site.yml', ...local('h1,')], { cwd })).code, 0)
  const bad = await tkplay(['run', 'bad.yml', ...local('h1,')], { cwd })
  t.match(bad, { code: 2, stdout: '', stderr: /^bad\.yml:4:\d+: 'poll: 0' is not offered yet\n {2}→ /m })
  t.match(bad.stderr, /'refresh_inventory' is none of/)
  const later = await tkplay(['run', 'later.yml', ...local('h1,')], { cwd })
  t.match(later, { code: 1, stdout: /'poll: 0' is not offered yet/ })
})

t.test('debug: verbosity; loop_control: pause; delegate_facts; diff', async t => {
  const tasks = `    - {name: quiet, debug: {msg: hush, verbosity: 1}}
    - {name: slow, command: date +%s%N, loop: [1, 2], loop_control: {pause: 1.1}, register: r, changed_when: false}
    - assert: {that: "(r.results[1].stdout | int) - (r.results[0].stdout | int) > 1000000000"}
    - {set_fact: {theirs: "{{ inventory_hostname }}"}, delegate_to: h2, delegate_facts: true, when: inventory_hostname == 'h1'}
    - {assert: {that: "hostvars['h2'].theirs == 'h1' and 'theirs' not in hostvars['h1']"}, when: inventory_hostname == 'h1'}
    - {name: shown, copy: {content: "plain text", dest: "{{ playbook_dir }}/a"}, when: inventory_hostname == 'h1'}
    - {name: not shown, copy: {content: "other text", dest: "{{ playbook_dir }}/b"}, diff: false, when: inventory_hostname == 'h1'}
`
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const check = await tkplay(['check', 'site.yml', ...local('h1,h2,')], { cwd })
  t.match(check.stdout, '+plain text')
  t.notMatch(check.stdout, '+other text')
  const ran = await tkplay(['run', 'site.yml', ...local('h1,h2,')], { cwd })
  t.equal(ran.code, 0, ran.stdout)
  t.notMatch(ran.stdout, 'hush')
  t.match(
    (await tkplay(['run', 'site.yml', ...local('h1,'), '-v', '-l', 'h1', '-t', 'none,all'], { cwd })).stdout,
    'hush',
  )
})

t.test('a request is no change unless it writes a file, in a dry run too', async t => {
  const url = 'url: http://127.0.0.1:9/'
  const tasks = `    - {name: get, uri: {${url}}, register: r}
    - {name: post, uri: {${url}, method: POST}}
    - {name: file, uri: {${url}, dest: /nowhere/x}}
    - {name: after, debug: {msg: "{{ r.status }}"}}
`
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const ran = await tkplayJson(['check', 'site.yml', ...local('h1,')], { cwd }, tkplay)
  t.strictSame(ran.with('ok'), ['h1 › get', 'h1 › post', 'h1 › after'])
  t.strictSame(ran.with('would-change'), ['h1 › file'])
})

t.test('--step asks before each task, once for all hosts', async t => {
  const tasks = ['one', 'two', 'three', 'four'].map(name => `    - {name: ${name}, command: "true"}\n`).join('')
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const answered = async (...answers: readonly string[]) => {
    const line = `'${process.execPath}' '${program}' run site.yml ${local('h1,h2,').join(' ')} --step`
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd, env: { ...process.env, NO_COLOR: '1' } })
    const left = [...answers]
    child.stdout.on('data', (chunk: Buffer) => {
      for (const _ of chunk.toString().matchAll(/\(c\)ontinue:/g)) child.stdin.write(left.shift() ?? '\u0003')
    })
    const ran = await finished(child)
    return { code: ran.code, done: [...ran.stdout.matchAll(/changed: h\d, h\d › (\w+)/g)].map(match => match[1]) }
  }
  t.strictSame(await answered('y\n', 'n\n', 'c\n'), { code: 0, done: ['one', 'three', 'four'] })
  t.strictSame(await answered('y\n'), { code: 130, done: ['one'] }, 'Ctrl-C at the second question')
})

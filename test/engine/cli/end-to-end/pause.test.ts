import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { finished, kept, program, tkplayJson } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const local = (hosts: string): readonly string[] => ['-i', hosts, '-e', 'ansible_connection=local']
const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`

/** On a terminal of its own; what is done at each question is told by its text. */
const onTerminal = async (cwd: string, args: readonly string[], at: { readonly [question: string]: () => string }) => {
  const line = `'${process.execPath}' '${program}' ${args.join(' ')}`
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
  })
  const left = new Map(Object.entries(at))
  let seen = ''
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString()
    for (const [question, answer] of left) {
      if (!seen.includes(question)) continue
      left.delete(question)
      child.stdin.write(answer())
    }
  })
  return finished(child)
}

for (const output of ['plain', 'tree']) {
  t.test(`a pause asks once, and hosts are looked at again after it: ${output}`, async t => {
    const tasks = `    - {stat: {path: "{{ playbook_dir }}/made"}, register: before}
    - {name: first, pause: {prompt: "Ready?\\e[2J"}, register: go}
    - {stat: {path: "{{ playbook_dir }}/made"}, register: after}
    - {name: hidden, pause: {prompt: And the key, echo: false}, register: key}
    - {name: timed, pause: {seconds: 1, prompt: a moment}}
    - debug: {msg: "{{ before.stat.exists }} {{ after.stat.exists }} {{ go.user_input }}"}
    - debug: {msg: "{{ key.user_input }}"}
    - assert: {that: key.user_input == 's3same'}
`
    const cwd = t.testdir({ 'site.yml': play(tasks) })
    const ran = await onTerminal(cwd, ['run', 'site.yml', '-o', output, ...local('h1,h2,')], {
      'Ready?\\x1b[2J:': () => {
        writeFileSync(join(cwd, 'made'), '')
        return 'yes\n'
      },
      'And the key (output is hidden):': () => 's3same\n',
    })
    t.equal(ran.code, 0, ran.stdout)
    t.match(ran.stdout, '[first]\r\nReady?', 'with the name of its task')
    t.match(ran.stdout, /ok: h1, h2 › debug\s+False True yes\s+ok: h1, h2 › debug\s+\*\*\*/)
    t.match(ran.stdout, 'timed: pausing for 1 s: a moment')
    t.notMatch(ran.stdout, 's3same')
    t.equal(ran.stdout.split('[first]').length, 2, 'one question for all hosts')
  })
}

t.test('Ctrl-C at the question ends the run', async t => {
  const cwd = t.testdir({ 'site.yml': play('    - {name: first, pause: }\n    - {name: next, debug: {msg: x}}\n') })
  const ran = await onTerminal(cwd, ['run', 'site.yml', ...local('h1,h2,')], {
    'Press enter to continue, Ctrl+C to interrupt:': () => '\u0003',
  })
  t.equal(ran.code, 130, ran.stdout)
  t.match(ran.stdout, /SIGINT: no new step is started/)
  t.notMatch(ran.stdout, 'next')
})

t.test('a dry run asks; a prompt beside a time is no question', async t => {
  const tasks = `    - {name: first, pause: {prompt: Ready?}, register: go}
    - {name: one, file: {path: "{{ playbook_dir }}/x", state: touch}, when: go.user_input == 'yes'}
    - {name: long, pause: {minutes: 60, prompt: a moment}}
`
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const ran = await onTerminal(cwd, ['check', 'site.yml', ...local('h1,')], { 'Ready?:': () => 'yes\n' })
  t.equal(ran.code, 4, ran.stdout)
  t.match(ran.stdout, /would change: h1 › one/)
})

t.test('where nobody can be asked, a pause goes on, and says so once', async t => {
  const tasks = `    - {name: first, pause: {prompt: Ready?}, register: go}
    - {name: second, pause: {prompt: Ready?}}
    - debug: {var: go}
`
  const cwd = t.testdir({ 'site.yml': play(tasks) })
  const ran = await tkplayJson(['run', 'site.yml', ...local('h1,h2,')], { cwd }, tkplay)
  t.equal(ran.code, 0, ran.stdout)
  t.equal(ran.stdout.split('Not waiting for response to prompt as stdin is not interactive').length, 2)
  t.match(ran.stdout, /"user_input":""/)
})

t.test('minutes beside seconds are refused, and what is no number', async t => {
  for (const [params, message] of [
    ['{seconds: 1, minutes: 1}', /mutually exclusive: minutes\|seconds/],
    ['{seconds: "{{ \'soon\' }}"}', /'soon' is not a number of seconds/],
  ] as const) {
    const ran = await tkplay(['run', 'site.yml', ...local('h1,')], {
      cwd: t.testdir({ 'site.yml': play(`    - pause: ${params}\n`) }),
    })
    t.equal(ran.code, 1)
    t.match(ran.stdout, message)
  }
})

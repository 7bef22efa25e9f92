import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { finished, kept, start } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const playbook = (t: Test, tasks: string): string =>
  t.testdir({
    'site.yml': `- hosts: localhost
  gather_facts: false
  tasks:
${tasks}`,
  })

const said = (child: ChildProcess, text: string): Promise<void> =>
  new Promise(seen => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(text)) seen()
    })
  })

/** Whether the kernel has handed the signal to a thread of the process. */
const isTaken = (pid: number): boolean => /^ShdPnd:\s+0+$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

/** What a template may hold the main thread with. */
const heavy: { readonly [name: string]: string } = {
  'a program that a template asks': "{{ lookup('pipe', 'exec sleep 600') }}",
  'a program that starts another': "{{ lookup('pipe', 'sleep 600 & echo $! >pid; wait') }}",
  'regular expressions without end':
    "{% for i in range(600) %}{{ lookup('varnames', '^(?:[a-z_]+)+[0-9]$') ~ i }}{% endfor %}",
}

for (const [name, template] of Object.entries(heavy)) {
  t.test(`the second Ctrl-C ends the process within ${name}`, async t => {
    const dir = playbook(
      t,
      ['    - ping:\n      name: first', `    - debug: msg=${JSON.stringify(template)}\n      name: heavy`, ''].join(
        '\n',
      ),
    )
    const child = start(['run', 'site.yml', '-o', 'json', '-e', `${'a'.repeat(60)}_=1`], { cwd: dir })
    const ended = once(child, 'close')
    await said(child, '"step-ended"')
    if (template.includes('>pid')) while (!existsSync(join(dir, 'pid'))) await new Promise(setImmediate)
    const pid = child.pid as number
    for (const _ of [1, 2]) {
      child.kill('SIGINT')
      // Two that come at once are one to the kernel.
      while (child.exitCode === null && child.signalCode === null && !isTaken(pid)) await new Promise(setImmediate)
    }
    const [code, signal] = await ended
    t.ok(code === 130 || signal === 'SIGINT', `a shell calls it 130: ${code} ${signal}`)
    if (template.includes('>pid')) {
      const left = readFileSync(join(dir, 'pid'), 'utf8').trim()
      while (runs(left)) await new Promise(setImmediate)
      t.pass('what it started has ended too')
    }
  })
}

/** Whether a process runs: one that ended stays in /proc as Z until its parent, here the first of all processes, has asked for it. */
const runs = (pid: string): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Tasks that wait, and the event after which they do. */
const waits: { readonly [name: string]: { readonly task: string; readonly at: string } } = {
  'a command on this machine': {
    task: `shell: echo $$ >"{{ playbook_dir }}/pid"; sleep 600; touch "{{ playbook_dir }}/after"`,
    at: '"step-started"',
  },
  'a wait for a file': { task: 'wait_for: {path: /there/is/none, timeout: 600}', at: '"step-started"' },
  'a wait for a while': { task: 'wait_for: {timeout: 600}', at: '"step-started"' },
  'a pause': { task: 'pause: {seconds: 600}', at: '"step-ended"' },
  'a wait between retries': {
    task: 'command: echo tried\n      register: it\n      until: false\n      retries: 3\n      delay: 600',
    at: '"step-retried"',
  },
}

for (const [name, { task, at }] of Object.entries(waits)) {
  t.test(`one Ctrl-C ends ${name}, and says how to go on`, async t => {
    const dir = playbook(t, `    - ping:\n    - ${task}\n    - file: {path: "{{ playbook_dir }}/next", state: touch}\n`)
    const child = start(['run', 'site.yml', '-o', 'json'], { cwd: dir })
    const ended = finished(child)
    await said(child, at)
    if (name === 'a command on this machine') while (!existsSync(join(dir, 'pid'))) await new Promise(setImmediate)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    t.equal(code, 130, stdout)
    t.match(stdout, /"kind":"run-ended"/)
    t.match(stdout, /"stopped":\{/)
    t.notMatch(stdout, '"again":true')
    t.strictSame(
      readdirSync(dir).filter(one => one === 'next' || one === 'after'),
      [],
      'nothing new was begun',
    )
    if (name === 'a command on this machine')
      t.notOk(runs(readFileSync(join(dir, 'pid'), 'utf8').trim()), 'it has ended')
    if (name === 'a pause')
      t.match(stdout, /"stopped":\{"step":"pause","how":"before"/, 'it will pause when it goes on')
    if (name === 'a wait between retries') t.match(stdout, /"stdout":"tried"/, 'what the last try gave is told')
  })
}

t.test('a regular expression without end is the failure of its task, and no more', async t => {
  const dir = playbook(
    t,
    `    - lineinfile: {path: file, line: x, regexp: '^(a+)+$'}
    - debug: msg=after
`,
  )
  writeFileSync(join(dir, 'file'), `${'a'.repeat(60)}b\n`)
  const ran = await tkplay(['run', 'site.yml'], { cwd: dir })
  t.equal(ran.code, 1)
  t.match(ran.stdout, /localhost › lineinfile: the regular expression «\^\(a\+\)\+\$» takes more than 1 s on this text/)
  t.match(ran.stdout, /→ repetitions inside of repetitions/)
})

t.test('one in a pattern of hosts is a mistake of the command line', async t => {
  const dir = playbook(t, '    - ping:\n')
  const host = `${'a'.repeat(60)}b`
  const inventory = join(dir, 'hosts.yml')
  writeFileSync(inventory, `all: {hosts: {${host}: {ansible_connection: local}}}\n`)
  const ran = await tkplay(['run', 'site.yml', '-i', inventory, '--limit', '~(a+)+$'], { cwd: dir })
  t.equal(ran.code, 2)
  t.match(ran.stderr, /«~\(a\+\)\+\$» takes more than 1 s on this text/)
})

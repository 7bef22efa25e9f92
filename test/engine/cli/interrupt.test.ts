import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { finished, start } from '../../support/tkplay.js'

t.setTimeout(120_000)

const playbook = (tasks: string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'tkplay-interrupt-'))
  writeFileSync(join(dir, 'site.yml'), `- hosts: localhost\n  gather_facts: false\n  tasks:\n${tasks}`)
  return dir
}

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
  'regular expressions without end':
    "{% for i in range(600) %}{{ lookup('varnames', '^(?:[a-z_]+)+[0-9]$') ~ i }}{% endfor %}",
}

for (const [name, template] of Object.entries(heavy)) {
  t.test(`the second Ctrl-C ends the process within ${name}`, async t => {
    const dir = playbook(
      ['    - ping:\n      name: first', `    - debug: msg=${JSON.stringify(template)}\n      name: heavy`, ''].join(
        '\n',
      ),
    )
    const child = start(['run', 'site.yml', '-o', 'json', '-e', `${'a'.repeat(60)}_=1`], { cwd: dir })
    const ended = once(child, 'close')
    await said(child, '"step-ended"')
    const pid = child.pid as number
    for (const _ of [1, 2]) {
      child.kill('SIGINT')
      // Two that come at once are one to the kernel.
      while (child.exitCode === null && child.signalCode === null && !isTaken(pid)) await new Promise(setImmediate)
    }
    const [code, signal] = await ended
    t.ok(code === 130 || signal === 'SIGINT', `a shell calls it 130: ${code} ${signal}`)
  })
}

t.test('a regular expression without end is the failure of its task, and no more', async t => {
  const dir = playbook(`    - lineinfile: {path: file, line: x, regexp: '^(a+)+$'}
    - debug: msg=after
`)
  writeFileSync(join(dir, 'file'), `${'a'.repeat(60)}b\n`)
  const ran = await finished(start(['run', 'site.yml'], { cwd: dir }))
  t.equal(ran.code, 1)
  t.match(ran.stdout, /localhost › lineinfile: the regular expression «\^\(a\+\)\+\$» takes more than 1 s on this text/)
  t.match(ran.stdout, /→ repetitions inside of repetitions/)
})

t.test('one in a pattern of hosts is a mistake of the command line', async t => {
  const dir = playbook('    - ping:\n')
  const host = `${'a'.repeat(60)}b`
  const inventory = join(dir, 'hosts.yml')
  writeFileSync(inventory, `all: {hosts: {${host}: {ansible_connection: local}}}\n`)
  const ran = await finished(start(['run', 'site.yml', '-i', inventory, '--limit', '~(a+)+$'], { cwd: dir }))
  t.equal(ran.code, 2)
  t.match(ran.stderr, /«~\(a\+\)\+\$» takes more than 1 s on this text/)
})

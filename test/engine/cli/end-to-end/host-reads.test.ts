import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(240_000)

const tkplay = kept(t)

const run = async (folder: string, tasks: string) => {
  const play = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`
  const cwd = t.testdir({ [folder]: { 'site.yml': play } })
  const at = join(cwd, folder)
  execFileSync('mkfifo', [join(at, 'pipe')])
  return tkplay(['run', 'site.yml', '-i', 'h1,', '-e', 'ansible_connection=local', '-v'], { cwd: at })
}

t.test('what has no end is no file to slurp', async t => {
  const { code, stdout } = await run(
    'slurp',
    `    - slurp: {src: "{{ playbook_dir }}/pipe"}
      ignore_errors: true
    - slurp: {src: /dev/zero}
`,
  )
  t.equal(code, 1)
  t.match(stdout, /ignored: h1 \u203a slurp: .*\/pipe is not a regular file/)
  t.match(stdout, /failed: h1 \u203a slurp: \/dev\/zero is not a regular file/)
})

t.test("a task's time limit holds for its look too, and the same look without it is another", async t => {
  const { code, stdout } = await run(
    'look',
    `    - name: limited
      command: {cmd: "true", unless: sleep 2}
      timeout: 1
      ignore_errors: true
    - name: not limited
      command: {cmd: "true", unless: sleep 2}
      timeout: 0
`,
  )
  t.equal(code, 0, stdout)
  t.match(
    stdout,
    /ignored: h1 \u203a limited: the host did not answer a read within 1\.0 s; the read was ended\n {2}\u2192 find/,
  )
  t.match(stdout, /ok: h1 \u203a not limited/)
})

t.test('a touch is changed each time, and counts as idempotent; a command that ends its shell has a code', async t => {
  const { code, stdout } = await run(
    'touch',
    `    - file: {path: "{{ playbook_dir }}/touched", state: touch, mode: '0600'}
    - shell: kill -9 $PPID
      register: ended
      failed_when: ended.rc != 137 or 'Illegal' in ended.stderr
`,
  )
  t.equal(code, 0, stdout)
  t.notMatch(stdout, /idempotent/)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { program } from '../../../support/tkplay.js'

t.setTimeout(240_000)

/** A run that may open so many files. */
const within = async (files: number, cwd: string): Promise<{ readonly code: number | null; readonly said: string }> => {
  const script = `ulimit -n ${files}; exec "$1" "$2" run site.yml -i hosts.yml -f 100`
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, program], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

/** Node needs some itself before any line of ours runs. */
const isNodes = (said: string): boolean => !/tkplay:|PLAY|a bug in/.test(said)

t.test('too many open files are no bug, wherever the last one is missed', async t => {
  const cwd = t.testdir({
    'hosts.yml': 'all: {hosts: {here: {ansible_connection: local}}}\n',
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - command: echo a
    - debug: msg={{ lookup('pipe', 'echo b') }}
    - copy: {src: hosts.yml, dest: "{{ playbook_dir }}/copied"}
    - include_tasks: more.yml
`,
    'more.yml': '- debug: msg=c\n',
  })
  let all = ''
  for (let files = 18; files <= 40; files += 2) {
    const { code, said } = await within(files, cwd)
    all += said
    if (isNodes(said)) continue
    t.ok([0, 1, 3].includes(code ?? -1), `${files}: ${code}\n${said}`)
    t.notMatch(said, /a bug in|\.c?js:\d+/, `${files}`)
    if (code !== 0) t.match(said, /open no more|too many open files/, `${files}`)
  }
  t.match(all, /unreachable: here › command: no connection to \/bin\/sh: this machine lets tkplay open no more files/)
  t.match(all, /→ let it open more/)
  const enough = await within(256, cwd)
  t.equal(enough.code, 0, enough.said)
})

t.test('nor is it where a ProxyCommand cannot be started', async t => {
  const args = '-F /dev/null -o IdentityAgent=none -o ProxyCommand="sleep 600"'
  const hosts = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`n${index}`, {}]))
  const vars = { ansible_timeout: 3, ansible_host: '127.0.0.1', ansible_password: 'x', ansible_ssh_common_args: args }
  const cwd = t.testdir({
    'hosts.yml': JSON.stringify({ all: { vars, hosts } }),
    'site.yml': '- {hosts: all, gather_facts: false, tasks: [{ping: }]}\n',
  })
  const { code, said } = await within(32, cwd)
  t.equal(code, 3, said)
  t.match(said, /no connection to the command sleep 600: this machine lets tkplay open no more files/)
  t.notMatch(said, /a bug in|undefined|\.c?js:\d+/)
})

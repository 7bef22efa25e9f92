import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test(
  'a key that is not there is only said where nothing is connected, or where something may make it first',
  async t => {
    const hosts =
      'all: {hosts: {h1: {ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_private_key_file: nowhere/id}}}\n'
    const play = (first: string) => `${first}- hosts: h1\n  tasks: [{ping: }]\n`
    const makes = '- hosts: localhost\n  gather_facts: false\n  tasks: [{command: "true"}]\n'
    const cwd = t.testdir({ 'site.yml': play(''), 'makes.yml': play(makes), 'hosts.yml': hosts })
    const say = 'the key file nowhere/id is not there'
    const rows: readonly (readonly [code: number, ...args: string[]])[] = [
      [0, 'validate', 'site.yml'],
      [0, 'run', 'site.yml', '--list-tasks'],
      [2, 'run', 'site.yml'],
      [3, 'run', 'makes.yml'],
    ]
    for (const [code, ...args] of rows) {
      const ran = await tkplay([...args, '-i', 'hosts.yml'], { cwd, env: { SSH_AUTH_SOCK: '' } })
      t.equal(ran.code, code, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
      if (!args.includes('--list-tasks')) t.match(ran.stdout + ran.stderr, say)
    }
  },
)

t.test('a key that one host lacks keeps no other host from its tasks', async t => {
  const reach = 'ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_private_key_file'
  const hosts = (second: string): string => `all: {hosts: {h1: {${reach}: nowhere/id}, h2: {${second}}}}\n`
  const cwd = t.testdir({
    'one.yml': hosts('ansible_connection: local'),
    'all.yml': hosts(`${reach}: nowhere/other`),
  })
  const run = (inventory: string) =>
    tkplay(['adhoc', 'all', '-i', inventory, '-a', 'echo in'], { cwd, env: { SSH_AUTH_SOCK: '' } })
  const one = await run('one.yml')
  t.match(one, { code: 3, stdout: /^h2 \| CHANGED \| rc=0\nin$/m })
  t.match(one.stdout, /^h1 \| (?:UNREACHABLE|FAILED)/m)
  t.match(one.stdout + one.stderr, /warning: the key file nowhere\/id is not there/)
  t.match(await run('all.yml'), { code: 2, stdout: '', stderr: /the key file nowhere\/other is not there/ })
})

t.test('a key that is not there is only said where a template may give a password, or another connection', async t => {
  const rows: readonly (readonly [code: number, more: string])[] = [
    [2, ''],
    [3, ', pw: hidden, ansible_password: "{{ pw }}"'],
    [3, ', pw: hidden, tkplay_ssh_pass: "{{ pw }}"'],
    [0, ', how: local, ansible_connection: "{{ how }}"'],
  ]
  for (const [code, more] of rows) {
    const vars = `ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_private_key_file: nowhere/id${more}`
    const cwd = t.testdir({
      'site.yml': '- hosts: h1\n  gather_facts: false\n  tasks: [{ping: }]\n',
      'hosts.yml': `all: {hosts: {h1: {${vars}}}}\n`,
    })
    const ran = await tkplay(['run', 'site.yml', '-i', 'hosts.yml'], { cwd, env: { SSH_AUTH_SOCK: '' } })
    t.equal(ran.code, code, `${more}: ${ran.stdout}${ran.stderr}`)
    t.match(ran.stdout + ran.stderr, 'the key file nowhere/id is not there')
  }
})

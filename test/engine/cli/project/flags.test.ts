import t from 'tap'
import { kept } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const site = `- name: web
  hosts: web
  gather_facts: false
  tasks:
    - {name: one, command: "true", tags: [a]}
    - {name: two, command: "true", tags: [b, c]}
- name: all
  hosts: all
  gather_facts: false
  tasks:
    - {name: three, debug: {msg: "{{ who }} {{ count }} {{ flag }} {{ version }}"}}
`

const files = {
  'site.yml': site,
  'hosts.yml':
    'all: {vars: {ansible_connection: local}, hosts: {h0: {}}, children: {web: {hosts: {h1: {}, h2: {}}}}}\n',
  'more.yml': 'count: 3\nwho: file\n',
}

t.test('lists say what a run would do, and do nothing', async t => {
  const cwd = t.testdir(files)
  const list = async (...flags: readonly string[]) => tkplay(['run', 'site.yml', '-i', 'hosts.yml', ...flags], { cwd })
  const given = ['-e', 'who=x count=1 flag=true version=1']
  t.equal((await list('--list-hosts', '-l', '!h2', ...given)).stdout, 'play: web\n  h1\nplay: all\n  h0\n  h1\n')
  t.equal(
    (await list('--list-tasks', '--skip-tags', 'b', ...given)).stdout,
    'play: web\n  one [a]\nplay: all\n  three\n',
  )
  t.match((await list('--list-tags', ...given)).stdout, /^play: web\n {2}tags: a, b, c\nplay: all\n/)
  t.match(await list('--syntax-check', ...given), { code: 0, stdout: /nothing wrong was found/ })
})

t.test('-e: words are text, JSON and files have types, the last one wins', async t => {
  const cwd = t.testdir(files)
  const given = ['-e', '@more.yml', '-e', 'version=1.30 flag=true', '-e', '{"who": "json"}']
  const ran = await tkplay(['run', 'site.yml', '-i', 'hosts.yml', '-l', 'h0', ...given], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.match(ran.stdout, /^ok: h0 › three\n {2}json 3 True 1\.30$/m)
})

t.test('tkplay.yml and TKPLAY_* give what flags do not', async t => {
  const cwd = t.testdir({ ...files, 'tkplay.yml': 'inventory: [hosts.yml]\noutput: json\n' })
  const given = ['-e', 'who=x count=1 flag=true version=1', '-l', 'h0']
  t.match(await tkplay(['run', 'site.yml', ...given], { cwd }), { code: 0, stdout: /^\{"kind":"run-started"/ })
  const plain = await tkplay(['run', 'site.yml', ...given], { cwd, env: { TKPLAY_OUTPUT: 'plain' } })
  t.match(plain.stdout, /^PLAY all$/m)
})

t.test(
  'what may be meant is only said: names in files of -e, tags to skip, tags that an include may bring',
  async t => {
    const more = '- {name: hidden, command: "true", tags: [late]}\n'
    const includes =
      '- hosts: h1\n  gather_facts: false\n  tasks: [{include_tasks: "{{ inventory_hostname }}.yml", tags: always}]\n'
    const cwd = t.testdir({ ...files, 'names.yml': 'count: 3\na-b: 1\n', 'late.yml': includes, 'h1.yml': more })
    const run = (playbook: string, ...flags: readonly string[]) =>
      tkplay(['run', playbook, '-i', 'hosts.yml', '-l', 'h1', '-o', 'plain', ...flags], {
        cwd,
        env: { TKPLAY_FRKS: '5' },
      })
    const skipping = await run('site.yml', '-e', '@names.yml', '-e', 'who=x flag=1 version=1', '--skip-tags', 'nowhere')
    const said = skipping.stdout + skipping.stderr
    t.equal(skipping.code, 0, said)
    t.match(said, "--skip-tags: no task has the tag 'nowhere'")
    t.match(said, "'a-b' is no name for a variable (names.yml:2:1)")
    t.match(said, 'TKPLAY_FRKS is no setting')
    t.match(said, 'changed: h1 › one')
    const late = await run('late.yml', '-t', 'late')
    t.equal(late.code, 0, late.stderr)
    t.match(late.stdout, 'changed: h1 › hidden')
    const none = await run('late.yml', '-t', 'ltae')
    t.equal(none.code, 0, none.stderr)
    t.match(none.stdout + none.stderr, "--tags: no task has the tag 'ltae'")
  },
)

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

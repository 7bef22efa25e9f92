import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import t from 'tap'
import { kept, program } from '../../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const secret = 'tulip-7391-canal'
const local = ['-i', 'h1,', '-e', 'ansible_connection=local'] as const

/** What any process of this machine shows of itself. */
const argvs = (): string =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')

t.test('no_log: nothing of a task is told, when it fails neither, however much is asked for', async t => {
  const cwd = t.testdir({
    'secrets.yml': `password: ${secret}\n`,
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - name: quiet
      shell: 'echo "{{ password }}"; echo "{{ password }}" >&2; exit 3'
      no_log: true
      ignore_errors: true
    - name: quiet file
      copy: {content: "{{ password }}", dest: "{{ playbook_dir }}/made"}
      no_log: true
    - name: quiet loop
      command: ls "{{ item }}"
      loop: ["{{ password }}"]
      no_log: true
`,
  })
  for (const output of ['plain', 'json', 'junit']) {
    const ran = await tkplay(['run', 'site.yml', ...local, '-e', '@secrets.yml', '-D', '-vvv', '-o', output], { cwd })
    t.equal(ran.code, 1, ran.stderr)
    t.notMatch(ran.stdout, secret, output)
    t.notMatch(ran.stderr, secret, output)
  }
})

t.test('no_log: what is wrong in a task is told without what is written there', async t => {
  const tasks = {
    'a mode': `file: {path: /x, mode: ${secret}}`,
    'an unknown parameter': `copy: {dest: /x, contnet: ${secret}}`,
    'a filter': `shell: echo ${secret} {{ 'a' | nofilter }}`,
    'a quote in a template': `shell: echo {{ '${secret} }}`,
    'a quote of YAML': `shell: 'echo ${secret}`,
    'a second colon': `shell: echo ${secret}: x`,
    'a keyword': `ping:\n      retries: ${secret}`,
    'a list': `uri: {url: http://x/, status_code: [${secret}]}`,
    'bare text': `file: ${secret} path=/x`,
    'a long text': `file: {path: /x, mode: "it's ${`${secret} `.repeat(9)}"}`,
    'an undefined name': `shell: |\n          echo ${secret}\n          echo {{ nobody_knows }}`,
  }
  const places = {
    task: (task: string) => `- hosts: all\n  tasks:\n    - name: x\n      no_log: true\n      ${task}\n`,
    block: (task: string) => `- hosts: all\n  tasks:\n    - no_log: yes\n      block:\n      - ${task}\n`,
    play: (task: string) => `- hosts: all\n  no_log: "{{ x }}"\n  tasks:\n    - ${task}\n`,
  }
  for (const [what, task] of Object.entries(tasks)) {
    for (const [place, text] of Object.entries(places)) {
      const { code, stdout, stderr } = await tkplay(['validate', 'site.yml', ...local], {
        cwd: t.testdir({ 'site.yml': text(task) }),
      })
      t.equal(code, 2, `${what}: ${stderr}`)
      t.match(stderr, /site\.yml:\d+:\d+: /, what)
      t.notMatch(stdout + stderr, secret.slice(0, 8), `${what} in a ${place}`)
    }
  }
})

t.test('no_log: nor as a finding, nor as a failure that is met outside of its task', async t => {
  const site = `- hosts: all
  gather_facts: false
  vars: {tok: ${secret}}
  tasks:
    - name: forgiven
      file: {path: /x, mode: ${secret}}
      no_log: true
      ignore_errors: true
    - name: no number
      command: "true"
      retries: "{{ tok }}"
      no_log: true
      ignore_errors: true
    - name: no file
      include_tasks: "{{ tok }}.yml"
      no_log: true
`
  for (const output of ['plain', 'json', 'junit']) {
    const cwd = t.testdir({ 'site.yml': site })
    const ran = await tkplay(['run', 'site.yml', ...local, '-vvv', '-o', output], { cwd })
    t.equal(ran.code, 1, ran.stderr)
    t.notMatch(ran.stdout + ran.stderr, secret, output)
    if (output === 'plain') t.match(ran.stdout, /failed: h1 › no file: the output has been hidden by no_log/)
  }
})

t.test(
  'a value on the command line that is no value is not repeated, nor a line of a file that says it is secret',
  async t => {
    const cwd = t.testdir({ 'site.yml': '- hosts: all\n', 'more.yml': `db_password: ${secret}: x\n` })
    const extras = [`pw=my ${secret}`, `pw=a =${secret}`, `{"pw": ${secret}: x}`, '@more.yml']
    for (const extra of extras) {
      const { code, stderr } = await tkplay(['run', 'site.yml', ...local, '-e', extra], { cwd })
      t.equal(code, 2, stderr)
      t.notMatch(stderr, secret, extra)
    }
  },
)

t.test('the password of a URL is not shown', async t => {
  const cwd = t.testdir({
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - get_url: {url: "http://user:${secret}@127.0.0.1:1/x", dest: "{{ playbook_dir }}/got"}
      ignore_errors: true
    - command: echo ftp://user:tulip%2D7391-canal@host/
`,
  })
  for (const output of ['plain', 'json']) {
    const { code, stdout, stderr } = await tkplay(['run', 'site.yml', ...local, '-vvv', '-o', output], { cwd })
    t.equal(code, 0, stderr)
    t.match(stdout, 'user:***@')
    t.notMatch(stdout + stderr, /tulip(?:-|%2D)7391-canal/, output)
  }
})

t.test('passwords that are typed: neither shown nor in any argv', async t => {
  const cwd = t.testdir({
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - command: sleep 2
    - debug: {msg: "it is {{ ansible_become_password }}"}
    - shell: 'echo {{ ansible_become_password }}; exit 1'
`,
  })
  const tkplayLine = [process.execPath, program, 'run', 'site.yml', ...local, '-K', '-o', 'json'].join(' ')
  const child = execFile('script', ['-qec', tkplayLine, '/dev/null'], { cwd, env: { ...process.env, NO_COLOR: '1' } })
  let said = ''
  let seen = ''
  child.stdout?.on('data', (chunk: string) => {
    if (!said.includes('become password') && (said + chunk).includes('become password'))
      child.stdin?.write(`${secret}\n`)
    said += chunk
    if (chunk.includes('step-started')) seen ||= argvs()
  })
  const code = await new Promise(ended => child.once('close', ended))
  t.equal(code, 1, said)
  t.match(seen, 'site.yml', 'processes were looked at')
  t.notMatch(seen, secret)
  t.match(said, /"message":"\*\*\*"/)
  t.notMatch(said, secret)
})

t.test('without a terminal a password cannot be asked for', async t => {
  const { code, stderr } = await tkplay(['adhoc', 'all', ...local, '-K', '-a', 'true'])
  t.equal(code, 2)
  t.match(stderr, /no terminal to ask for: become password\n {2}→ /)
})

t.test('a password that stands in the playbook as plain text is not told, whatever says it again', async t => {
  const server = createServer((asked, answer) => {
    const login = Buffer.from((asked.headers.authorization ?? '').replace('Basic ', ''), 'base64')
    answer.end(`you are ${login.toString()}`)
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cwd = t.testdir({
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - name: a login
      uri: {url: "http://127.0.0.1:${port}/", url_username: ci, url_password: ${secret}, force_basic_auth: true, return_content: true}
    - name: another
      uri:
        url: "http://127.0.0.1:${port}/"
        url_username: ci
        url_password: ${secret}
        force_basic_auth: true
        return_content: true
        status_code: 201
      ignore_errors: true
`,
  })
  for (const output of ['plain', 'json', 'junit']) {
    const ran = await tkplay(['run', 'site.yml', ...local, '-D', '-vvv', '-o', output], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    t.notMatch(ran.stdout, secret, output)
    t.notMatch(ran.stderr, secret, output)
    if (output === 'json') t.match(ran.stdout, /you are ci:\*\*\*/, 'it was sent, and answered')
  }
})

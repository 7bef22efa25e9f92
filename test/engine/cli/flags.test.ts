import t from 'tap'
import { tkplay } from '../../support/tkplay.js'

t.setTimeout(300_000)

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

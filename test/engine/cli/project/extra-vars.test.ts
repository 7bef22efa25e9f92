import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { files } from '../site.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test('-e: words are text, JSON and files have types, the last one wins', async t => {
  const cwd = t.testdir(files)
  const given = ['-e', '@more.yml', '-e', 'version=1.30 flag=true', '-e', '{"who": "json"}']
  const ran = await tkplay(['run', 'site.yml', '-i', 'hosts.yml', '-l', 'h0', ...given], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  t.match(ran.stdout, /^ok: h0 › three\n {2}json 3 True 1\.30$/m)
})

t.test('what is misspelled in -e about how hosts are reached is said', async t => {
  const cwd = t.testdir({ 'site.yml': '- {hosts: all, gather_facts: false, tasks: [{ping: }]}\n' })
  const local = ['-i', 'h1,', '-e', 'ansible_connection=local']
  const { code, stdout, stderr } = await tkplay(['run', 'site.yml', ...local, '-e', 'ansible_become_methd=su'], { cwd })
  t.equal(code, 0)
  t.match(stdout + stderr, /'ansible_become_methd' has no effect .*\n {2}→ did you mean 'ansible_become_method'\?/)
})

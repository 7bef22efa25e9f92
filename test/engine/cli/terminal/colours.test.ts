import t from 'tap'
import { kept } from '../../../support/tkplay.js'

const tkplay = kept(t)

const painted = async (env: { readonly [name: string]: string }): Promise<boolean> => {
  const args = ['adhoc', 'all', '-i', 'h1,', '-e', 'ansible_connection=local', '-m', 'debug', '-a', 'msg=hello']
  const { stdout } = await tkplay(args, { env: { NO_COLOR: '', ...env } })
  t.match(stdout, /hello/)
  return stdout.includes('\u001b[')
}

t.test('colours in a pipe: where FORCE_COLOR or the setting asks for them, and never against NO_COLOR', async t => {
  t.equal(await painted({}), false, 'a pipe is no terminal')
  t.equal(await painted({ FORCE_COLOR: '1' }), true)
  t.equal(await painted({ FORCE_COLOR: '0' }), false)
  t.equal(await painted({ FORCE_COLOR: '1', NO_COLOR: '1' }), false)
  t.equal(await painted({ TKPLAY_COLOR: 'always' }), true)
  t.equal(await painted({ TKPLAY_COLOR: 'never', FORCE_COLOR: '1' }), false)
})

t.test('a playbook in the place of a command says which command is meant', async t => {
  const said = { code: 2, stderr: /unknown command 'site\.yml'\n\(to run a playbook: tkplay run site\.yml\)/ }
  t.match(await tkplay(['site.yml', '-i', 'hosts']), said)
  t.match(await tkplay(['chek', 'site.yml']), { code: 2, stderr: /\(did you mean 'check'\?\)/ })
  t.match(await tkplay(['frobnicate']), { code: 2, stderr: /see 'tkplay --help'/ })
})

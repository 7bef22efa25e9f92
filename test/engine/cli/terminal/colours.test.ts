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

import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { files } from '../site.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test('tkplay.yml and TKPLAY_* give what flags do not', async t => {
  const cwd = t.testdir({ ...files, 'tkplay.yml': 'inventory: [hosts.yml]\noutput: json\n' })
  const given = ['-e', 'who=x count=1 flag=true version=1', '-l', 'h0']
  t.match(await tkplay(['run', 'site.yml', ...given], { cwd }), { code: 0, stdout: /^\{"kind":"run-started"/ })
  const plain = await tkplay(['run', 'site.yml', ...given], { cwd, env: { TKPLAY_OUTPUT: 'plain' } })
  t.match(plain.stdout, /^PLAY all$/m)
})

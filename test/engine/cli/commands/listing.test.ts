import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { files } from '../site.js'

t.setTimeout(300_000)

const tkplay = kept(t)

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

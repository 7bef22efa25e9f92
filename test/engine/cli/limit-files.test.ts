import t from 'tap'
import { kept } from '../../support/tkplay.js'

t.setTimeout(300_000)

const tkplay = kept(t)

const hosts = 'all: {hosts: {a: }, children: {web: {hosts: {b: , c: }}, maint: {hosts: {c: }}}}'
const site = '- hosts: all\n  gather_facts: false\n  tasks: [{debug: }]\n'

t.test('-l @file: its patterns, one a line; with others beside it', async t => {
  const cwd = t.testdir({
    'hosts.yml': hosts,
    'site.yml': site,
    some: '# again\n\nweb\r\n!maint\n',
    none: '# nobody\n',
    odd: 'wbe\n',
  })
  const listed = (limit: string) => tkplay(['run', 'site.yml', '-i', 'hosts.yml', '--list-hosts', '-l', limit], { cwd })
  const names = async (limit: string) => (await listed(limit)).stdout.match(/^\s+[abc]$/gm)?.map(name => name.trim())
  t.strictSame(await names('@some'), ['b'])
  t.strictSame(await names('a,@some'), ['a', 'b'])
  t.match(await listed('@gone'), { code: 2, stderr: /--limit @gone: there is no such file\n {2}→ / })
  t.match(await listed('@none'), { code: 2, stderr: /--limit @none: the file names no host/ })
  t.match(await listed('@odd'), { code: 2, stderr: /no host or group 'wbe'.*\n {2}→ did you mean 'web'/ })
  t.match(await tkplay(['adhoc', 'all', '-i', 'hosts.yml', '-l', '@some', '-m', 'debug', '-a', 'msg=x'], { cwd }), {
    code: 0,
    stdout: 'b | OK\nx\n',
  })
})

t.test('a name that is taken away and that nothing has is a warning; one that is added is an error', async t => {
  const cwd = t.testdir({
    'hosts.yml': hosts,
    'site.yml': site.replace('all', 'all:!maimt'),
    'bad.yml': site.replace('all', 'maimt'),
  })
  const run = (...args: readonly string[]) => tkplay(['run', ...args, '-i', 'hosts.yml', '-o', 'plain'], { cwd })
  const ran = await run('site.yml', '-l', 'all:!abc')
  t.equal(ran.code, 0, ran.stderr)
  const said = `${ran.stdout}${ran.stderr}`
  t.match(
    said,
    /no host or group 'maimt' in the inventory: 'all:!maimt' takes nothing away by it \(site.yml:1:10\)\n.*did you mean 'maint'\?/,
  )
  t.match(said, /no host or group 'abc' in the inventory: 'all:!abc' takes nothing away by it\n.*groups are web, maint/)
  t.match(await run('bad.yml'), {
    code: 2,
    stderr: /bad.yml:1:10: no host or group 'maimt'.*\n {2}→ did you mean 'maint'/,
  })
  const adhoc = await tkplay(['adhoc', 'all:!maimt', '-i', 'hosts.yml', '-m', 'debug'], { cwd })
  t.match(adhoc, { code: 0, stderr: /^warning: no host or group 'maimt'/, stdout: /^c \| OK/m })
})

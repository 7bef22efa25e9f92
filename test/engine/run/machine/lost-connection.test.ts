import t from 'tap'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings } from '../harness/steps.js'

t.test('a connection lost before anything was applied is opened once more', async t => {
  const { run, transport } = fakeHosts(['a'])
  transport.loseNext('a')
  const ended = await run([play(settings(2))])
  t.equal(ended.exitCode, 0)
  t.equal(transport.connects('a'), 2)
})

t.test('a connection lost while a change is applied is not tried again', async t => {
  const names = ['a', 'b']
  let batches = 0
  const hosts = fakeHosts(names, {
    delay: async host => {
      if (host === 'a' && ++batches === 2) hosts.transport.loseNext('a')
    },
  })
  const ended = await hosts.run([play(settings(3))])
  t.match(ended, { exitCode: 3, hosts: { a: { unreachable: 1 }, b: { changed: 3 } } })
  t.equal(hosts.transport.connects('a'), 1)
})

t.test('a host that cannot be reached does not stop the others', async t => {
  const { run } = fakeHosts(['a', 'b'], { unreachable: { a: 'refused' } })
  t.match(await run([play(settings(1))]), { exitCode: 3, hosts: { a: { unreachable: 1 }, b: { changed: 1 } } })
})

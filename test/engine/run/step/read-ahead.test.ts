import t from 'tap'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings } from '../harness/steps.js'

t.test('a converged host costs one round trip, however many steps', async t => {
  const { run, transport, effects } = fakeHosts(['a', 'b', 'c'])
  for (const host of ['a', 'b', 'c']) for (let i = 0; i < 20; i++) transport.state(host).settings.set(`k${i}`, '1')
  const ended = await run([play(settings(20)), play(settings(5))])
  t.equal(ended.exitCode, 0)
  t.strictSame(effects, [])
  for (const host of ['a', 'b', 'c']) {
    t.equal(transport.sent(host).length, 1, `${host} was asked once`)
    t.match(ended.hosts[host], { ok: 25, changed: 0, failed: 0 })
  }
})

t.test('reads of a first install grow with the changes, not with their square', async t => {
  const { run, transport } = fakeHosts(['a'])
  await run([play(settings(60))])
  const reads = transport
    .sent('a')
    .flatMap(batch => batch.jobs)
    .filter(job => job.sh.startsWith('get')).length
  t.ok(reads < 60 * 8, `${reads} reads for 60 changes`)
})

import t from 'tap'
import { fakeHosts } from '../harness/fake-hosts.js'
import { setting } from '../harness/modules.js'
import { play, settings, step } from '../harness/steps.js'

t.test('what differs is changed, verified, and not touched again', async t => {
  const { run, effects, transport } = fakeHosts(['a'])
  const first = await run([play(settings(3))])
  t.match(first, { exitCode: 0, hosts: { a: { changed: 3, ok: 0 } } })
  t.strictSame(effects, ['a set k0 1', 'a set k1 1', 'a set k2 1'])
  const trips = transport.sent('a').length
  const second = await run([play(settings(3))])
  t.match(second, { exitCode: 0, hosts: { a: { changed: 0, ok: 3 } } })
  t.equal(transport.sent('a').length, trips + 1)
})

t.test('a change that does not hold is a failure', async t => {
  const { run, transport, events } = fakeHosts(['a'])
  transport.state('a').stubborn.add('k1')
  const ended = await run([play(settings(3))])
  t.match(ended, { exitCode: 1, hosts: { a: { changed: 1, failed: 1 } } })
  t.match(
    events.find(event => event.kind === 'step-ended' && event.status === 'failed'),
    { failure: { failure: { kind: 'not-converged' } } },
  )
})

t.test(
  'a change that does not hold is counted where the module says so, and no fault where it ends by itself',
  async t => {
    for (const [verify, notIdempotent] of [
      ['lenient', 1],
      ['passing', 0],
    ] as const) {
      const { run, transport, events } = fakeHosts(['a'])
      transport.state('a').stubborn.add('k1')
      const ended = await run([play(settings(3))], { modules: new Map([['setting', { ...setting, verify }]]) })
      t.match(ended, { exitCode: 0, hosts: { a: { changed: 3, failed: 0, notIdempotent } } }, verify)
      t.equal(events.filter(event => event.kind === 'step-ended' && event.notIdempotent === true).length, notIdempotent)
    }
  },
)

t.test('an action runs once, in order, and a failing one says what it said', async t => {
  const { run, effects, events } = fakeHosts(['a'])
  const ended = await run([play([...settings(1), step('act', 'act', { cmd: 'fail' }), ...settings(1)])])
  t.strictSame(effects, ['a set k0 1', 'a act fail'])
  t.equal(ended.exitCode, 1)
  t.match(
    events.find(event => event.kind === 'step-ended' && event.status === 'failed'),
    {
      failure: { failure: { kind: 'task-failed', message: 'non-zero return code', raw: { rc: 3 } } },
    },
  )
})

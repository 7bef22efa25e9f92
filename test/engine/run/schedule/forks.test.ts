import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings, step } from '../harness/steps.js'

t.test('more hosts than forks finish too', async t => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const { run, effects } = fakeHosts(names)
  const ended = await run([play(settings(2))], { forks: 2 })
  t.equal(ended.exitCode, 0)
  t.equal(effects.length, 10)
})

t.test(
  'with more hosts than forks no more are connected than that, and one that is needed again is connected again',
  async t => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const { run, transport } = fakeHosts(names)
    await run([play([step('look', 'act', { cmd: 'x' })], { strategy: 'free' })], { forks: 2 })
    t.equal(transport.mostOpen, 2)
    t.strictSame(
      names.map(name => transport.connects(name)),
      names.map(() => 1),
    )

    const again = fakeHosts(names)
    const elsewhere = step('elsewhere', 'act', { cmd: 'y' }, { delegateTo: constant('a') })
    const ended = await again.run([play([elsewhere], { strategy: 'free' })], { forks: 2 })
    t.equal(ended.exitCode, 0)
    t.equal(again.effects.filter(one => one === 'a act y').length, names.length)
  },
)

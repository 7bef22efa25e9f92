import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings, step } from '../harness/steps.js'

t.test('linear: no host passes a step before all have finished the one before', async t => {
  const { run, effects } = fakeHosts(['a', 'b'], { slow: 'b' })
  await run([play(settings(3))])
  t.strictSame(
    effects.map(one => one.split(' ')[2]),
    ['k0', 'k0', 'k1', 'k1', 'k2', 'k2'],
  )
})

t.test('free: a fast host goes on', async t => {
  const { run, effects } = fakeHosts(['a', 'b'], { slow: 'b' })
  await run([play(settings(3), { strategy: 'free' })])
  t.strictSame(
    effects.slice(0, 3).map(one => one[0]),
    ['a', 'a', 'a'],
  )
})

t.test('serial: the second batch begins when the first is through', async t => {
  const { run, effects } = fakeHosts(['a', 'b', 'c'])
  await run([play(settings(2), { serial: [constant(2)], strategy: 'free' })])
  t.strictSame(
    effects.slice(4).map(one => one[0]),
    ['c', 'c'],
  )
  t.equal(effects.length, 6)
})

t.test('plays follow each other, for all hosts', async t => {
  const { run, effects } = fakeHosts(['a', 'b'], { slow: 'b' })
  await run([play(settings(2), { strategy: 'free' }), play([step('last', 'setting', { key: 'z', value: '1' })])])
  t.strictSame(
    effects.slice(-2).map(one => one.slice(2)),
    ['set z 1', 'set z 1'],
  )
})

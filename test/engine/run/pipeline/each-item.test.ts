import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('loops: each item is a change of its own, and a failed one does not stop the next', async t => {
  const items = { items: constant(['x', 'fail', 'y']), variable: 'item', kind: 'list' as const }
  const params = computed(['item'], ([item]) => new Map([['cmd', item ?? null]]))
  const { run, effects, statuses } = fakeHosts(['a'])
  await run([play([step('each', 'act', params, { loop: items })])])
  t.strictSame(effects, ['a act x', 'a act fail', 'a act y'])
  t.strictSame(statuses('a'), ['failed each'])
})

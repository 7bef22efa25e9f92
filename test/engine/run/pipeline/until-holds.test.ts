import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { Value } from '../../../../engine/core/value.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('until is tried again as often as said', async t => {
  const done = computed(['r'], ([r]) => (r as Map<string, Value>).get('rc') === 0)
  const until = { conditions: [done], retries: constant(5), delay: constant(0) }
  const { run, effects, statuses } = fakeHosts(['a'])
  await run([play([step('flaky', 'act', { cmd: 'flaky' }, { register: 'r', until })])])
  t.equal(effects.length, 3)
  t.strictSame(statuses('a'), ['changed flaky'])
})

import t from 'tap'
import { computed } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings, step } from '../harness/steps.js'

t.test('end_host and end_play', async t => {
  const { run, statuses } = fakeHosts(['a', 'b'])
  const me = computed(['me'], ([name]) => name === 'a')
  await run([
    play([
      step('leave', 'meta', { action: 'end_host' }, { when: [me] }),
      ...settings(1),
      step('enough', 'meta', { action: 'end_play' }),
      ...settings(2),
    ]),
  ])
  t.strictSame(statuses('a'), [])
  t.strictSame(statuses('b'), ['changed s0'])
})

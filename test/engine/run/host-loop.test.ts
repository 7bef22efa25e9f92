import t from 'tap'
import { computed } from '../../../engine/core/expr.js'
import type { Value } from '../../../engine/core/value.js'
import { fakeHosts } from './harness/fake-hosts.js'
import { play, step } from './harness/steps.js'

t.test('a later step sees what an earlier one changed', async t => {
  const { run, statuses } = fakeHosts(['a'])
  await run([
    play([
      step('one', 'setting', { key: 'k', value: '1' }),
      step('same', 'setting', { key: 'k', value: '1' }),
      step('other', 'setting', { key: 'k', value: '2' }),
    ]),
  ])
  t.strictSame(statuses('a'), ['changed one', 'ok same', 'changed other'])
})

t.test('what is registered is known to later steps', async t => {
  const { run, statuses } = fakeHosts(['a'])
  const changed = computed(['first'], ([first]) => (first as Map<string, Value>).get('changed') ?? null)
  const body = [
    step('first', 'setting', { key: 'k', value: '1' }, { register: 'first' }),
    step('when changed', 'setting', { key: 'x', value: '1' }, { when: [changed] }),
  ]
  await run([play(body)])
  await run([play(body)])
  t.strictSame(statuses('a'), ['changed first', 'changed when changed', 'ok first', 'skipped when changed'])
})

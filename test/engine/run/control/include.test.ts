import t from 'tap'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('includes are walked at their place', async t => {
  const { run, statuses } = fakeHosts(['a'])
  await run([
    play([
      step('one', 'setting', { key: 'k', value: '1' }),
      step('include', 'include_tasks', { file: 'more' }),
      step('two', 'setting', { key: 'k2', value: '1' }),
    ]),
  ])
  t.strictSame(statuses('a'), ['changed one', 'changed included more', 'changed two'])
})

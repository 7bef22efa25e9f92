import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('what another host changes in the cluster is seen again', async t => {
  const { run, effects, statuses } = fakeHosts(['a', 'b'])
  await run([
    play([step('make', 'cluster_setting', { key: 'token', value: '1' })], { hosts: constant('a') }),
    play([step('look', 'cluster_setting', { key: 'token', value: '1' })], { hosts: constant('b') }),
  ])
  t.strictSame(effects, ['a set token 1'])
  t.strictSame(statuses('b'), ['ok look'])
})

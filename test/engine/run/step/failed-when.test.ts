import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('changed_when and failed_when judge the result', async t => {
  const { run, statuses } = fakeHosts(['a'])
  await run([
    play([
      step('quiet', 'act', { cmd: 'go' }, { changedWhen: [constant(false)] }),
      step('forgiven', 'act', { cmd: 'fail' }, { failedWhen: [constant(false)] }),
      step('ignored', 'act', { cmd: 'fail' }, { ignoreErrors: constant(true) }),
      step('judged', 'act', { cmd: 'go' }, { failedWhen: [constant(true)] }),
    ]),
  ])
  t.strictSame(statuses('a'), ['ok quiet', 'changed forgiven', 'ignored ignored', 'failed judged'])
})

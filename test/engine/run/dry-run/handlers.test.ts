import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import type { Json } from '../../../../engine/core/json.js'
import type { Step } from '../../../../engine/core/step.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { flush, step } from '../harness/steps.js'
import { after, before, dry, isThere, lookAt, meta, put } from './look-steps.js'

const handlers = (params: Json = { cmd: 'restart' }): readonly Step[] => [step('handler', 'act', params)]
const notify = { notify: [constant('handler')] }

t.test('a handler is pending from where it would run', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [put('/etc/a', '1', notify), lookAt('/etc/b'), flush(), lookAt('/etc/c')], {
    handlers: handlers(),
  })
  t.strictSame(checked.statuses('a').slice(1), ['ok look at /etc/b', 'would-change handler', 'unknown look at /etc/c'])
})

t.test('so is a handler that only perhaps runs', async t => {
  const checked = fakeHosts(['a'])
  const perhaps = put('/etc/b', '1', { when: [isThere], ...notify })
  await dry(
    checked,
    [
      put('/etc/a'),
      lookAt('/etc/a'),
      perhaps,
      lookAt('/etc/c', { register: 'before' }),
      flush(),
      lookAt('/etc/d', { register: 'after' }),
    ],
    { handlers: handlers() },
  )
  t.strictSame(checked.statuses('a').slice(3), ['ok look at /etc/c', 'unknown look at /etc/d'])
  t.match(
    checked.events.findLast(event => event.kind === 'step-ended'),
    { waitsFor: "'handler' to run" },
  )
})

t.test('handlers that are perhaps flushed here are perhaps pending', async t => {
  const handlers = [step('handler', 'act', { cmd: 'restart' })]
  const checked = fakeHosts(['a'])
  const notifying = put('/etc/b', '1', { notify: [constant('handler')] })
  await dry(checked, [...before, notifying, meta('flush_handlers'), lookAt('/etc/c', { register: 'third' }), flush()], {
    handlers,
  })
  t.strictSame(after(checked), [
    'would-change put /etc/b',
    'unknown flush_handlers',
    'unknown look at /etc/c',
    'would-change handler',
  ])
})

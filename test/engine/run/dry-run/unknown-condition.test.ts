import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { Step } from '../../../../engine/core/step.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { flush, play, step } from '../harness/steps.js'
import { after, before, dry, isMissing, isThere, lookAt, modules, waitsFor } from './look-steps.js'

/** What a dry run says of a step that hangs on a look of which it does not know the answer. */

t.test('whether a step counts as changed is not known where changed_when is not, and so are its handlers', async t => {
  const steps = [
    ...before,
    lookAt('/etc/b', { register: 'other', changedWhen: [isThere], notify: [constant('handler')] }),
    flush(),
    lookAt('/etc/c', { register: 'third' }),
  ]
  const handlers = [step('handler', 'act', { cmd: 'restart' })]
  const checked = fakeHosts(['a'])
  await dry(checked, steps, { handlers })
  t.strictSame(after(checked), ['unknown look at /etc/b', 'unknown look at /etc/c'])
  t.strictSame(waitsFor(checked), ["'put /etc/a' to run", "'handler' to run"])
  const real = fakeHosts(['a'])
  await real.run([play(steps, { handlers })], { modules })
  t.strictSame(after(real), ['changed look at /etc/b', 'changed handler', 'ok look at /etc/c'])
})

t.test('what is not known stays so, whatever changed_when and failed_when say', async t => {
  const changed = (value: boolean): Step => lookAt('/etc/a', { register: 'again', changedWhen: [constant(value)] })
  for (const one of [
    changed(false),
    changed(true),
    step('perhaps', 'act', { cmd: 'go' }, { when: [isMissing], failedWhen: [constant(true)] }),
  ]) {
    const checked = fakeHosts(['a'])
    const ended = await dry(checked, [...before, one])
    t.match(after(checked), [/^unknown/])
    t.match(ended, { exitCode: 4, hosts: { a: { ok: 0, wouldChange: 1, unknown: 2, failed: 0 } } })
  }
  const wasChanged = computed(['again'], ([again]) => (again instanceof Map ? (again.get('changed') ?? null) : null))
  const checked = fakeHosts(['a'])
  await dry(checked, [...before, changed(false), step('then', 'act', { cmd: 'go' }, { when: [wasChanged] })])
  t.equal(checked.statuses('a').at(-1), 'skipped then', 'yet the register says what is known')
})

t.test('what would fail if it ran does not fail where it is not known whether it runs', async t => {
  const inTheWay = step('replace', 'careful', { key: '/etc/there', value: 'new' }, { when: [isMissing] })
  const checked = fakeHosts(['a'])
  checked.transport.state('a').settings.set('/etc/there', 'old')
  await dry(checked, [...before, inTheWay])
  t.strictSame(after(checked), ['unknown replace'])
})

t.test('a fact that is set on a condition that is not known is not known', async t => {
  const given = computed(['fact'], ([fact]) => (fact === undefined ? false : fact === 'old' ? false : fact))
  const set = step('set', 'set_fact', { fact: true }, { when: [isThere] })
  const checked = fakeHosts(['a'])
  await dry(checked, [
    step('first', 'set_fact', { fact: 'old' }),
    ...before,
    set,
    step('then', 'act', { cmd: 'go' }, { when: [given] }),
  ])
  t.strictSame(after(checked).slice(1), ['unknown set', 'unknown then'])
})

import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { Node, Step } from '../../../../engine/core/step.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'
import { dry, fieldOf, isThere, lookAt, modules, put } from './look-steps.js'

t.test('pending is what another host would do on this one', async t => {
  const onB = { delegateTo: constant('b') }
  const only = (name: string): Partial<Step> => ({ when: [computed(['me'], ([me]) => me === name)] })
  const statuses = async (body: readonly Node[]): Promise<readonly string[]> => {
    const checked = fakeHosts(['a', 'b'])
    await dry(checked, body)
    return [...checked.statuses('a'), ...checked.statuses('b')].filter(one => one.includes('look'))
  }
  t.strictSame(
    await statuses([put('/etc/a', '1', { ...onB, ...only('a') }), lookAt('/etc/a')]),
    ['ok look at /etc/a', 'unknown look at /etc/a'],
    'a step on b changes nothing on a',
  )
  t.strictSame(
    await statuses([put('/etc/a', '1', only('b')), lookAt('/etc/a', { ...onB, ...only('a') })]),
    ['unknown look at /etc/a', 'skipped look at /etc/a'],
    'a look on b waits for what b would do',
  )
  t.strictSame(
    await statuses([step('copy over', 'act', { cmd: 'rsync' }, { ...onB, ...only('a') }), lookAt('/etc/a')]),
    ['unknown look at /etc/a', 'unknown look at /etc/a'],
    'a command elsewhere may reach the host for which it runs',
  )
  const cmd = computed(['seen'], ([seen]) => new Map([['cmd', fieldOf(seen, false)]]))
  t.strictSame(
    await statuses([
      put('/etc/a', '1', only('a')),
      lookAt('/etc/a', only('a')),
      step('command on b', 'act', cmd, { ...onB, ...only('a') }),
      lookAt('/etc/c', { register: 'other', ...only('b') }),
    ]).then(all => all.at(-1)),
    'unknown look at /etc/c',
    'so is a step on b whose parameters are not known',
  )
})

t.test('a look waits for its turn: a slower host may still do something, or have it pending, on this one', async t => {
  const when = [computed(['me'], ([me]) => me === 'a')]
  const body = [
    lookAt('/etc/x'),
    put('/etc/a', '1', { when, delegateTo: constant('b') }),
    lookAt('/etc/a'),
    step('then', 'act', { cmd: 'go' }, { when: [isThere] }),
  ]
  const checked = fakeHosts(['a', 'b'], { slow: 'a' })
  await dry(checked, body)
  t.strictSame(checked.statuses('b').slice(-2), ['unknown look at /etc/a', 'unknown then'])
  const real = fakeHosts(['a', 'b'], { slow: 'a' })
  await real.run([play(body)], { modules })
  t.strictSame(real.statuses('b').slice(-2), ['ok look at /etc/a', 'changed then'])
})

t.test('so does a state that is as wanted today: a slower host may have it pending to write over it', async t => {
  const when = [computed(['me'], ([me]) => me === 'a')]
  const trips = async (earlier: Step): Promise<readonly [statuses: string | undefined, trips: number]> => {
    const checked = fakeHosts(['a', 'b'], { slow: 'a' })
    checked.transport.state('b').settings.set('/etc/a', '1')
    const { hosts } = await dry(checked, [
      lookAt('/etc/x'),
      earlier,
      step('wanted', 'setting', { key: '/etc/a', value: '1' }),
    ])
    return [checked.statuses('b').at(-1), hosts['b']?.roundTrips ?? 0]
  }
  const onB = { when, delegateTo: constant('b') }
  const [undone, waiting] = await trips(put('/etc/a', '2', onB))
  t.equal(undone, 'unknown wanted')
  t.equal(waiting, 1, 'it is not read again for that')
  const [kept] = await trips(put('/etc/c', '2', onB))
  t.equal(kept, 'ok wanted')
})

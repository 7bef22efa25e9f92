import t from 'tap'
import { computed } from '../../../../engine/core/expr.js'
import { Unknown, type Value } from '../../../../engine/core/value.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, settings, step } from '../harness/steps.js'

t.test('a dry run writes nothing and says what a run changes', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const body = [
    ...settings(2),
    step('needy', 'setting', { key: 'n', value: '1', after: 'k1' }),
    step('act', 'act', { cmd: 'go' }),
  ]
  const ended = await run([play(body)], { check: true })
  t.strictSame(effects, [])
  t.strictSame(statuses('a'), ['would-change s0', 'would-change s1', 'unknown needy', 'would-change act'])
  t.match(ended, { exitCode: 4, hosts: { a: { wouldChange: 3, unknown: 1 } } })
})

t.test('a need that nothing brings is a failure, in a dry run too', async t => {
  for (const check of [true, false]) {
    const { run, events } = fakeHosts(['a'])
    const ended = await run([play([step('needy', 'setting', { key: 'n', value: '1', after: 'nothing' })])], { check })
    t.equal(ended.exitCode, 1)
    t.match(
      events.find(event => event.kind === 'step-ended'),
      { failure: { failure: { kind: 'missing', needs: 'the setting nothing' } } },
    )
  }
})

t.test('a dry run with nothing to do exits 0', async t => {
  const { run, transport } = fakeHosts(['a'])
  transport.state('a').settings.set('k0', '1')
  t.match(await run([play(settings(1))], { check: true }), { exitCode: 0 })
})

t.test('unknown variables in a dry run make what follows unknown, not wrong', async t => {
  const unknown = computed(
    ['r'],
    ([r]) => ((r as Map<string, Value>).get('stdout') ?? new Unknown("'act' to run")) as Value,
  )
  const { run, statuses } = fakeHosts(['a'])
  const params = computed(
    ['r'],
    ([r]) =>
      new Map<string, Value>([
        ['key', 'k'],
        ['value', (r as Map<string, Value>).get('stdout') ?? new Unknown("'act' to run")],
      ]),
  )
  await run(
    [
      play([
        step('act', 'act', { cmd: 'go' }, { register: 'r' }),
        step('uses', 'setting', params),
        step('when', 'setting', { key: 'w', value: '1' }, { when: [unknown] }),
      ]),
    ],
    {
      check: true,
    },
  )
  t.strictSame(statuses('a'), ['would-change act', 'unknown uses', 'unknown when'])
})

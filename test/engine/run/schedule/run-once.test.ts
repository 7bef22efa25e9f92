import t from 'tap'
import { computed, constant, ExpressionError } from '../../../../engine/core/expr.js'
import type { Step } from '../../../../engine/core/step.js'
import { isDict, type Value } from '../../../../engine/core/value.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { flush, play, step } from '../harness/steps.js'

const once = { runOnce: constant(true) }
const loop = (items: readonly number[]): Partial<Step> => ({
  loop: { items: constant(items), variable: 'item', kind: 'list' },
})
const each = computed(['item'], ([item]) => new Map([['cmd', `item${String(item)}`]]))
const when = (names: readonly string[], holds: (values: readonly (Value | undefined)[]) => boolean): Partial<Step> => ({
  when: [
    computed(names, values => {
      if (values.includes(undefined))
        throw new ExpressionError(`'${names.join()}' is undefined`, { file: 'site.yml', line: 1, col: 1 })
      return holds(values)
    }),
  ],
})

t.test('of a loop: the first host for which when holds for an item runs it, all get its result', async t => {
  const { run, effects, statuses } = fakeHosts(['a', 'b', 'c'])
  const wanted = when(['item', 'me'], ([item, me]) => item === 2 && me !== 'a')
  const results = computed(['r'], ([r]) => {
    const count = isDict(r) && Array.isArray(r.get('results')) ? (r.get('results') as readonly Value[]).length : 0
    return new Map([
      ['key', 'results'],
      ['value', String(count)],
    ])
  })
  const ended = await run([
    play([
      step('once', 'act', each, { ...once, ...loop([1, 2]), ...wanted, register: 'r' }),
      step('use', 'setting', results),
    ]),
  ])
  t.equal(ended.exitCode, 0)
  t.strictSame(effects.toSorted(), ['a set results 2', 'b act item2', 'b set results 2', 'c set results 2'])
  t.strictSame(statuses('b')[0], 'changed once')
})

t.test('of a loop whose when cannot be evaluated the failure is told of its item, on one host', async t => {
  const { run, events } = fakeHosts(['a', 'b'])
  const ended = await run([
    play([step('once', 'act', each, { ...once, ...loop([1, 2]), ...when(['nope'], () => true) })]),
  ])
  t.equal(ended.exitCode, 1)
  t.match(ended.hosts, { a: { failed: 1 }, b: { failed: 0 } })
  t.match(
    events.find(event => event.kind === 'step-ended' && event.item !== undefined),
    { host: 'a', status: 'failed' },
  )
})

t.test('where when holds nowhere it is skipped, and all can ask for that', async t => {
  const seen = computed(['r'], ([r]) => {
    const skipped = isDict(r) && r.get('skipped') === true
    return new Map([
      ['key', 'skipped'],
      ['value', String(skipped)],
    ])
  })
  for (const more of [{ when: [constant(false)] }, loop([]), { ...loop([1]), ...when(['item'], () => false) }]) {
    const { run, effects, statuses } = fakeHosts(['a', 'b'])
    await run([
      play([step('once', 'act', { cmd: 'x' }, { ...once, ...more, register: 'r' }), step('use', 'setting', seen)]),
    ])
    t.strictSame(statuses('a'), ['skipped once', 'changed use'])
    t.strictSame(statuses('b'), ['changed use'])
    t.strictSame(effects.toSorted(), ['a set skipped true', 'b set skipped true'])
  }
})

t.test('a handler with run_once that ran is owed by no host', async t => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const body = [step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('h')] }), flush(), flush()]
  await run([play(body, { handlers: [step('h', 'act', { cmd: 'h' }, once)] })])
  t.strictSame(
    effects.filter(one => one.includes('act')),
    ['a act h'],
  )
  t.strictSame(effects.filter(one => one.includes('forget')).toSorted(), ['a forget h', 'b forget h'])
})

t.test('run_once: the first host for which when holds runs it, all get its result', async t => {
  const me = computed(['me'], ([name]) => name === 'b' || name === 'c')
  const used = computed(
    ['once'],
    ([once]) =>
      new Map([
        ['key', 'got'],
        ['value', String((once as Map<string, Value>).get('stdout'))],
      ]),
  )
  const { run, effects } = fakeHosts(['a', 'b', 'c'])
  await run([
    play([
      step('once', 'act', { cmd: 'token' }, { runOnce: constant(true), register: 'once', when: [me] }),
      step('use', 'setting', used),
    ]),
  ])
  t.strictSame(
    effects.filter(one => one.includes('act')),
    ['b act token'],
  )
  t.strictSame(effects.filter(one => one.includes('set')).sort(), [
    "a set got 'token done'",
    "b set got 'token done'",
    "c set got 'token done'",
  ])
})

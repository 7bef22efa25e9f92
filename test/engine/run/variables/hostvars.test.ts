import t from 'tap'
import { computed, constant, type Expr, ExpressionError } from '../../../../engine/core/expr.js'
import type { Json } from '../../../../engine/core/json.js'
import { defineRole, step as roleStep } from '../../../../engine/core/role.js'
import type { RoleUse } from '../../../../engine/core/step.js'
import { isDict, type Value } from '../../../../engine/core/value.js'
import { type Binding, rank } from '../../../../engine/core/vars.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { templates } from '../harness/loader.js'
import { play, step } from '../harness/steps.js'

/** `hostvars.a.token.stdout`, or a word for its absence. */
const token = (hostvars: Value | undefined): Value => {
  const inside = (value: Value | undefined, key: string) => (isDict(value) ? value.get(key) : undefined)
  return inside(inside(inside(hostvars, 'a'), 'token'), 'stdout') ?? 'none yet'
}
const used = (key: string): Expr =>
  computed(['hostvars'], ([hostvars]) => new Map([[key, token(hostvars)] as const, ['key', 'got'] as const]))
const onlyA = computed(['me'], ([name]) => name === 'a')
const isThere = computed(['hostvars'], ([hostvars]) => token(hostvars) !== 'none yet')

/** The host that makes the token is the slowest. */
const slowly = { slow: 'a' }
const make = step('make', 'act', { cmd: 'token' }, { register: 'token', when: [onlyA] })

t.test('what another host registers is there when its turn comes', async t => {
  const { run, effects } = fakeHosts(['a', 'b'], slowly)
  await run([play([make, step('use', 'setting', used('value'))])])
  t.strictSame(effects.filter(one => one.includes('set')).sort(), ["a set got 'token done'", "b set got 'token done'"])
})

t.test('in the next play too, whatever the strategy, and in conditions, loops and control steps', async t => {
  const { run, effects, events, statuses } = fakeHosts(['a', 'b'], slowly)
  const items = computed(['hostvars'], ([hostvars]) => [token(hostvars)])
  const item = computed(['item'], ([one]) => new Map([['cmd', one ?? null]]))
  const file = computed(['hostvars'], ([hostvars]) => new Map([['file', token(hostvars)]]))
  await run([
    play([make], { hosts: constant('a') }),
    play(
      [
        step('say', 'debug', used('msg')),
        step('when', 'act', { cmd: 'go' }, { when: [isThere] }),
        step('each', 'act', item, { loop: { items, variable: 'item', kind: 'list' } }),
        step('include', 'include_tasks', file),
      ],
      { hosts: constant('b'), strategy: 'free' },
    ),
  ])
  t.strictSame(
    effects.filter(one => one.startsWith('b act')),
    ['b act go', "b act 'token done'"],
  )
  t.ok(statuses('b').some(one => one.endsWith('included token done')))
  t.match(
    events.find(event => event.kind === 'step-ended' && event.step.name === 'say'),
    { message: 'token done' },
  )
})

t.test('run_once and meta ask at their turn', async t => {
  const { run, effects } = fakeHosts(['b', 'a'], slowly)
  await run([
    play([
      make,
      step('once', 'act', { cmd: 'once' }, { runOnce: constant(true), when: [isThere] }),
      step('leave', 'meta', { action: 'end_play' }, { when: [isThere] }),
      step('never', 'act', { cmd: 'never' }),
    ]),
  ])
  t.strictSame(effects, ['a act token', 'b act once'])
})

t.test('a converged host that looks at others is still asked once', async t => {
  const { run, transport } = fakeHosts(['a', 'b'])
  for (const host of ['a', 'b']) transport.state(host).settings.set('got', 'none yet')
  const ended = await run([play([step('use', 'setting', used('value')), step('again', 'setting', used('value'))])])
  t.match(ended, { exitCode: 0, hosts: { a: { ok: 2 }, b: { ok: 2 } } })
  for (const host of ['a', 'b']) t.equal(transport.sent(host).length, 1)
})

t.test('a role’s parameters too, although its steps were looked at ahead', async t => {
  const role = defineRole<{ readonly token: string }>({
    name: 'r',
    doc: 'A role.',
    params: { type: 'object', properties: { token: { type: 'string' } } },
    steps: ({ token: given }) => [roleStep('use', 'setting', { key: 'got', value: given })],
  })
  const use: RoleUse = {
    kind: 'role',
    source: { file: 'site.yml', line: 1, col: 1 },
    role: role as never,
    inherits: step('r', 'none', {}),
    given: { rank: rank.roleParams, name: 'given', bindings: new Map([['token', { value: 'of a' }]]) },
  }
  const { run, effects } = fakeHosts(['a', 'b'], slowly)
  const variable = (binding: Binding): Expr =>
    binding.value === 'of a' ? computed(['hostvars'], ([hostvars]) => token(hostvars)) : constant(binding.value as Json)
  await run(
    [
      play([make], { hosts: constant('a') }),
      play([step('before', 'setting', { key: 'x', value: '1' }), use], { hosts: constant('b') }),
    ],
    { templates: { ...templates, variable } },
  )
  t.strictSame(effects.at(-1), "b set got 'token done'")
})

t.test('an expression can tell looking ahead from its turn, and has its turn once', async t => {
  const asked: (boolean | undefined)[] = []
  const params: Expr = {
    names: [],
    constant: false,
    evaluate: scope => {
      asked.push(scope.ahead)
      return new Map([
        ['key', 'k'],
        ['value', '1'],
      ])
    },
  }
  const { run } = fakeHosts(['a'])
  await run([play([step('before', 'setting', { key: 'x', value: '1' }), step('asks', 'setting', params)])])
  t.equal(asked[0], true)
  t.equal(asked.filter(ahead => ahead !== true).length, 1)
})

t.test('a host that is not there may be what an earlier task was to bring: its failure is told first', async t => {
  const { run, events } = fakeHosts(['a', 'b', 'c'], slowly)
  const missing = computed(['hostvars'], ([hostvars]) => {
    if (isDict(hostvars) && hostvars.has('x')) return new Map([['cmd', 'x']])
    throw new ExpressionError("'hostvars' has no attribute 'x'", undefined)
  })
  await run([
    play([step('adds', 'act', { cmd: 'fail' }, { when: [onlyA] })], { hosts: constant('a,c') }),
    play([step('uses', 'act', missing)], { hosts: constant('b') }),
  ])
  const ended = events.flatMap(event =>
    event.kind === 'step-ended' && event.status === 'failed' ? [event.step.name] : [],
  )
  t.strictSame(ended, ['adds', 'uses'])
})

import t from 'tap'
import { computed, constant, type Expr } from '../../../../engine/core/expr.js'
import { defineRole, step as roleStep } from '../../../../engine/core/role.js'
import type { RoleUse, Step } from '../../../../engine/core/step.js'
import { type Layer, rank } from '../../../../engine/core/vars.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { flush, type Lab, lab, play, step, templates } from '../harness.js'
import { dry, fieldOf, isMissing, isThere, lookAt, modules, put } from './look-steps.js'

/** What a dry run says of a step that hangs on a look of which it does not know the answer. */

const before = [put('/etc/a'), lookAt('/etc/a')]
const after = (checked: Lab): readonly string[] => checked.statuses('a').slice(before.length)
const waitsFor = (checked: Lab): readonly (string | undefined)[] =>
  checked.events.flatMap(event => (event.kind === 'step-ended' ? [event.waitsFor] : [])).slice(before.length)
const meta = (action: string, when: Expr = isThere): Step => step(action, 'meta', { action }, { when: [when] })

t.test('whether a step counts as changed is not known where changed_when is not, and so are its handlers', async t => {
  const steps = [
    ...before,
    lookAt('/etc/b', { register: 'other', changedWhen: [isThere], notify: [constant('handler')] }),
    flush(),
    lookAt('/etc/c', { register: 'third' }),
  ]
  const handlers = [step('handler', 'act', { cmd: 'restart' })]
  const checked = lab(['a'])
  await dry(checked, steps, { handlers })
  t.strictSame(after(checked), ['unknown look at /etc/b', 'unknown look at /etc/c'])
  t.strictSame(waitsFor(checked), ["'put /etc/a' to run", "'handler' to run"])
  const real = lab(['a'])
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
    const checked = lab(['a'])
    const ended = await dry(checked, [...before, one])
    t.match(after(checked), [/^unknown/])
    t.match(ended, { exitCode: 4, hosts: { a: { ok: 0, wouldChange: 1, unknown: 2, failed: 0 } } })
  }
  const wasChanged = computed(['again'], ([again]) => (again instanceof Map ? (again.get('changed') ?? null) : null))
  const checked = lab(['a'])
  await dry(checked, [...before, changed(false), step('then', 'act', { cmd: 'go' }, { when: [wasChanged] })])
  t.equal(checked.statuses('a').at(-1), 'skipped then', 'yet the register says what is known')
})

t.test('what would fail if it ran does not fail where it is not known whether it runs', async t => {
  const inTheWay = step('replace', 'careful', { key: '/etc/there', value: 'new' }, { when: [isMissing] })
  const checked = lab(['a'])
  checked.transport.state('a').settings.set('/etc/there', 'old')
  await dry(checked, [...before, inTheWay])
  t.strictSame(after(checked), ['unknown replace'])
})

t.test('a fact that is set on a condition that is not known is not known', async t => {
  const given = computed(['fact'], ([fact]) => (fact === undefined ? false : fact === 'old' ? false : fact))
  const set = step('set', 'set_fact', { fact: true }, { when: [isThere] })
  const checked = lab(['a'])
  await dry(checked, [
    step('first', 'set_fact', { fact: 'old' }),
    ...before,
    set,
    step('then', 'act', { cmd: 'go' }, { when: [given] }),
  ])
  t.strictSame(after(checked).slice(1), ['unknown set', 'unknown then'])
})

t.test('a host that perhaps leaves the play perhaps does what comes', async t => {
  for (const action of ['end_host', 'end_play', 'end_batch']) {
    const checked = lab(['a'])
    const ended = await checked.run(
      [
        play([
          ...before,
          meta(action),
          put('/etc/b'),
          step('set', 'set_fact', { fact: 1 }),
          step('stop', 'fail', { msg: 'no' }),
          step('tasks', 'include_tasks', { file: '/etc/d' }),
        ]),
        play([lookAt('/etc/b'), put('/etc/c')], { name: 'the next play' }),
      ],
      { check: true, modules },
    )
    t.strictSame(after(checked), [
      `unknown ${action}`,
      'unknown put /etc/b',
      'unknown set',
      'unknown stop',
      'unknown included /etc/d',
      'unknown look at /etc/b',
      'would-change put /etc/c',
    ])
    t.strictSame(waitsFor(checked).slice(0, 4), Array(4).fill("'put /etc/a' to run"))
    t.equal(ended.exitCode, 4)
  }
})

t.test('nobody does anything for certain once the first host perhaps ends the play', async t => {
  const when = computed(['seen', 'me'], ([seen, me]) => (me === 'a' ? fieldOf(seen, false) : false))
  const checked = lab(['a', 'b'])
  await dry(checked, [...before, meta('end_play', when), put('/etc/b')])
  for (const host of ['a', 'b']) {
    t.strictSame(checked.statuses(host).slice(2), ['unknown end_play', 'unknown put /etc/b'], host)
  }
  const alone = lab(['a', 'b'])
  await dry(alone, [...before, meta('end_host', when), put('/etc/b')])
  t.strictSame(alone.statuses('b').slice(2), ['would-change put /etc/b'], 'end_host is of one host')
})

t.test('a role that is perhaps left early ends that doubt with itself', async t => {
  const checked = lab(['a'])
  await dry(checked, [
    ...before,
    {
      kind: 'block',
      name: undefined,
      source: { file: 'site.yml', line: 1, col: 1 },
      role: 'r',
      body: [meta('end_role'), put('/etc/b')],
      rescue: [],
      always: [],
    },
    put('/etc/c'),
  ])
  t.strictSame(after(checked), ['unknown end_role', 'unknown put /etc/b', 'would-change put /etc/c'])
})

t.test('handlers that are perhaps flushed here are perhaps pending', async t => {
  const handlers = [step('handler', 'act', { cmd: 'restart' })]
  const checked = lab(['a'])
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

const role = defineRole<{ readonly there: boolean }>({
  name: 'r',
  doc: 'A role.',
  params: { type: 'object', properties: { there: { type: 'boolean' } } },
  steps: () => [roleStep('of the role', 'setting', { key: '/etc/r', value: '1' })],
})
const use: RoleUse = {
  kind: 'role',
  source: { file: 'site.yml', line: 7, col: 1 },
  role: role as never,
  inherits: step('r', 'none', {}, { source: { file: 'site.yml', line: 7, col: 1 } }),
  given: { rank: rank.roleParams, name: 'given', bindings: new Map([['there', { value: 'seen.exists' }]]) },
}
const hanging = { templates: { ...templates, variable: () => isThere } }

t.test('a role whose parameter hangs on a look is not known, nor what comes after it', async t => {
  const checked = lab(['a'])
  const ended = await checked.run([play([...before, use, lookAt('/etc/c', { register: 'third' })])], {
    check: true,
    modules,
    ...hanging,
  })
  t.strictSame(after(checked), ['unknown r : all its tasks', 'unknown look at /etc/c'])
  t.strictSame(waitsFor(checked), ["'put /etc/a' to run", "'r : all its tasks' to run"])
  t.match(ended, { exitCode: 4, hosts: { a: { unknown: 3, failed: 0 } } })
})

t.test('a handler that nobody knows may be one of a role that is not known', async t => {
  const notifies = put('/etc/b', '1', { notify: [constant('of the role')] })
  const checked = lab(['a'])
  await checked.run([play([...before, use, notifies])], { check: true, modules, ...hanging })
  t.equal(checked.statuses('a').at(-1), 'would-change put /etc/b')
  const without = lab(['a'])
  await dry(without, [...before, notifies])
  t.equal(without.statuses('a').at(-1), 'failed put /etc/b')
})

t.test('in a run, what hangs on a dry step is a failure with its place', async t => {
  const asks = { checkMode: constant(true) }
  const seen = [put('/etc/a', '1', { ...asks, register: 'seen' })]
  for (const hangs of [use, meta('end_host'), step('tasks', 'include_tasks', { file: 'x' }, { when: [isThere] })]) {
    const real = lab(['a'])
    const ended = await real.run([play([...seen, hangs])], { modules, ...hanging })
    t.equal(ended.exitCode, 1)
    t.match(
      real.events.find(event => event.kind === 'host-failed'),
      { failure: { failure: { kind: 'task-failed', message: /waits for 'put \/etc\/a' to run.*\(site\.yml:\d+\)/ } } },
    )
  }
})

t.test('a host that cannot be reached by itself has delegated work', async t => {
  const layers = (name: string): readonly Layer[] => [
    dataLayer(rank.inventoryHost, 'host', [['ansible_connection', name === 'a' ? 'network_cli' : 'fake']]),
  ]
  const hosts = {
    names: ['a', 'b'],
    groups: new Map([['all', ['a', 'b']]]),
    layersOf: layers,
    groupsOf: () => [],
    select: (pattern: string) => (pattern === 'all' ? ['a'] : [pattern]),
    selectForPlay: (pattern: string) => (pattern === 'all' ? ['a'] : [pattern]),
    file: undefined,
    sources: [],
  }
  const body = [put('/etc/a', '1', { delegateTo: constant('b') })]
  const checked = lab(['a', 'b'])
  await checked.run([play(body)], { check: true, modules, hosts })
  t.strictSame(checked.statuses('a'), ['would-change put /etc/a'])
  const real = lab(['a', 'b'])
  await real.run([play(body)], { modules, hosts })
  t.strictSame(real.statuses('a'), ['changed put /etc/a'])
})

t.test(
  'a role that perhaps ran is perhaps passed over where it comes again, and not where it ran by then in any case',
  async t => {
    const again = (when: readonly Expr[]): RoleUse => ({
      ...use,
      unlessRan: 'r {}',
      inherits: {
        ...use.inherits,
        when,
        origin: { ...use.inherits.origin, role: { name: 'r', path: 'roles/r', parents: [], use: 'r {}' } },
      },
      given: { ...use.given, bindings: new Map() },
    })
    const ofRole = (ran: Lab): readonly string[] => after(ran).filter(one => one.endsWith('of the role'))
    for (const [first, really] of [
      [isThere, ['changed r : of the role']],
      [isMissing, ['skipped r : of the role', 'changed r : of the role']],
    ] as const) {
      const nodes = [...before, again([first]), again([]), again([])]
      const checked = lab(['a'])
      await checked.run([play(nodes)], { check: true, modules })
      t.strictSame(ofRole(checked), ['unknown r : of the role', 'unknown r : of the role'])
      const real = lab(['a'])
      await real.run([play(nodes)], { modules })
      t.strictSame(ofRole(real), really)
    }
    const certain = lab(['a'])
    await certain.run([play([...before, again([]), again([])])], { check: true, modules })
    t.strictSame(ofRole(certain), ['would-change r : of the role'])
  },
)

import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { AnyModule } from '../../../../engine/core/module.js'
import { isDict, Unknown } from '../../../../engine/core/value.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { act, setting } from '../harness/modules.js'
import { flush, play, step } from '../harness/steps.js'

t.test('check_mode: true changes nothing in a run either', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const dry = { checkMode: constant(true) }
  const ended = await run([
    play([step('state', 'setting', { key: 'k', value: '1' }, dry), step('action', 'act', { cmd: 'go' }, dry)]),
  ])
  t.strictSame(effects, [])
  t.strictSame(statuses('a'), ['would-change state', 'would-change action'])
  t.match(ended, { exitCode: 0, hosts: { a: { wouldChange: 2, changed: 0 } } })
})

t.test('check_mode: false is not carried out where its condition is not known', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const real = { checkMode: constant(false), when: [computed([], () => new Unknown('something to run'))] }
  await run([play([step('action', 'act', { cmd: 'go' }, real)])], { check: true })
  t.strictSame(effects, [])
  t.strictSame(statuses('a'), ['unknown action'])
})

t.test('changed_when: false on a state says what is reported, not what is read again', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const ended = await run([
    play([step('quiet', 'setting', { key: 'k', value: '1' }, { changedWhen: [constant(false)] })]),
  ])
  t.strictSame(effects, ['a set k 1'])
  t.strictSame(statuses('a'), ['ok quiet'])
  t.equal(ended.exitCode, 0)
})

t.test('a user, or a login, that is not known yet makes the step unknown', async t => {
  const later = computed([], () => new Unknown('something to run'))
  const yes = constant(true)
  for (const more of [
    { become: { become: yes, user: later } },
    { become: { become: later } },
    { become: { become: yes, method: later } },
    { remoteUser: later },
    { connection: later },
  ]) {
    const { run, statuses, transport } = fakeHosts(['a'])
    await run([play([step('state', 'setting', { key: 'k', value: '1' }, more)])], { check: true })
    t.strictSame(statuses('a'), ['unknown state'], JSON.stringify(Object.keys(more)))
    t.strictSame(transport.sent('a'), [])
  }
})

t.test('an action whose answer is never a change counts as none, and what follows may hang on it', async t => {
  const { run, events, statuses } = fakeHosts(['a'])
  const send: AnyModule = {
    ...act,
    name: 'send',
    plan: () => ({ changes: [{ kind: 'request', summary: 'POST http://api/' }] }),
    neverChanged: ({ dest }: { readonly dest?: string }) => dest === undefined,
  }
  const modules = new Map<string, AnyModule>([
    ['send', send],
    ['setting', setting],
  ])
  const later = computed(['sent'], ([sent]) => (isDict(sent ?? null) ? true : null))
  const body = [
    step('send', 'send', {}, { register: 'sent' }),
    step('needs', 'setting', { key: 'k', value: '1', after: 'brought' }),
    step('to a file', 'send', { dest: '/x' }),
    step('said so', 'send', {}, { changedWhen: [later] }),
    step('each', 'send', {}, { loop: { items: constant([1, 2]), variable: 'item', kind: 'list' } }),
  ]
  const ended = await run([play(body)], { check: true, modules })
  t.strictSame(statuses('a'), ['ok send', 'unknown needs', 'would-change to a file', 'would-change said so', 'ok each'])
  t.match(ended, { hosts: { a: { ok: 2, wouldChange: 2, unknown: 1, onlyInRun: 2 } } })
  const told = (name: string) => events.find(event => event.kind === 'step-ended' && event.step.name === name)
  t.match(told('send'), { changes: [{ summary: 'only in a run: POST http://api/' }] })
  t.match(told('needs'), { waitsFor: "the setting brought ('send' would change things first)" })
})

t.test('what is said to be a change is one that would come, whatever only looks or says something', async t => {
  const yes = { changedWhen: [constant(true)], notify: [constant('told')] }
  const look: AnyModule = {
    ...setting,
    name: 'look',
    plan: () => ({ changes: [] }),
  }
  const modules = new Map<string, AnyModule>([
    ['look', look],
    ['act', act],
  ])
  const body = () => [
    step('looks', 'look', { key: 'k' }, yes),
    step('says', 'debug', { msg: 'x' }, yes),
    step('each', 'look', { key: 'k' }, { ...yes, loop: { items: constant([1, 2]), variable: 'item', kind: 'list' } }),
    step('fact', 'set_fact', { x: 1 }, { ...yes, when: [constant(true)] }),
    step('really', 'look', { key: 'k' }, { changedWhen: [constant(true)], checkMode: constant(false) }),
    flush(),
  ]
  const handlers = [step('told', 'act', { cmd: 'told' })]
  const dry = fakeHosts(['a'])
  const ended = await dry.run([play(body(), { handlers })], { check: true, modules })
  t.strictSame(dry.statuses('a'), [
    'would-change looks',
    'would-change says',
    'would-change each',
    'would-change fact',
    'changed really',
    'would-change told',
  ])
  t.match(ended, { exitCode: 4, hosts: { a: { wouldChange: 5, changed: 1 } } })
  const wet = fakeHosts(['a'])
  await wet.run([play(body(), { handlers })], { modules })
  t.strictSame(
    wet.statuses('a'),
    dry.statuses('a').map(one => one.replace('would-change', 'changed')),
  )
})

t.test('what check_mode: false carries out in a dry run is told as that', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const ended = await run(
    [play([step('state', 'setting', { key: 'k', value: '1' }, { checkMode: constant(false) })])],
    {
      check: true,
    },
  )
  t.strictSame(effects, ['a set k 1'])
  t.strictSame(statuses('a'), ['changed state'])
  t.match(ended, { hosts: { a: { changed: 1, executedInCheck: 1 } } })
})

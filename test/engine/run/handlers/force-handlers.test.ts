import t from 'tap'
import { computed, constant, ExpressionError } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { loader } from '../harness/loader.js'
import { flush, play, step } from '../harness/steps.js'

const notifies = (...names: readonly string[]) =>
  step('one', 'setting', { key: 'k', value: '1' }, { notify: names.map(name => constant(name)) })
const breaks = step('breaks', 'act', { cmd: 'fail' })
const runs = (name: string) => step(name, 'act', { cmd: name })
const forced = { forceHandlers: true }
const later = play([step('later', 'act', { cmd: 'later' })])

/** What hosts were made to do, without what is written down. */
const acts = (effects: readonly string[]): readonly string[] => effects.filter(one => one.includes(' act '))

t.test('force_handlers: what was notified runs on the failed host, and nothing after it', async t => {
  const handlers = [runs('h1'), runs('idle'), runs('h2')]
  const { run, effects } = fakeHosts(['a'])
  const ended = await run([play([notifies('h2', 'h1'), breaks, runs('after')], { ...forced, handlers }), later])
  t.strictSame(acts(effects), ['a act fail', 'a act h1', 'a act h2'])
  t.match(ended, { exitCode: 1, hosts: { a: { failed: 1 } } })
})

t.test('force_handlers: a handler that fails runs once, and the others that are owed run', async t => {
  const handlers = [runs('h1'), step('h2', 'act', { cmd: 'fail' }, { listen: ['topic'] }), runs('h3')]
  for (const body of [
    [notifies('h1', 'topic', 'h3'), flush(), runs('after')],
    [notifies('h1', 'topic', 'h3'), step('breaks', 'absent', {})],
  ]) {
    const { run, effects } = fakeHosts(['a'])
    await run([play(body, { ...forced, handlers })])
    t.strictSame(acts(effects), ['a act h1', 'a act fail', 'a act h3'])
    t.strictSame(
      effects.filter(one => one.includes('forget')),
      ['a forget h1', 'a forget h3'],
      'the next run owes the one that failed',
    )
  }
})

t.test('of those that listen to one topic, none runs twice where another one fails', async t => {
  const listens = (name: string, cmd = name) => step(name, 'act', { cmd }, { listen: ['topic'] })
  const handlers = [listens('h1'), listens('h2', 'fail'), listens('h3')]
  const { run, effects } = fakeHosts(['a'])
  await run([play([notifies('topic'), flush()], { ...forced, handlers })])
  t.strictSame(acts(effects), ['a act h1', 'a act fail', 'a act h3'])
  t.notOk(
    effects.some(one => one.includes('forget')),
    'the topic is owed as long as one of them is',
  )
})

t.test('a handler that ran runs again where it is notified again', async t => {
  const again = step('two', 'setting', { key: 'k2', value: '1' }, { notify: [constant('h')] })
  const { run, effects } = fakeHosts(['a'])
  await run([play([notifies('h'), flush(), again, breaks], { ...forced, handlers: [runs('h')] })])
  t.strictSame(acts(effects), ['a act h', 'a act fail', 'a act h'])
})

t.test('force_handlers: a handler that includes tasks is done when they are', async t => {
  const handlers = [step('h1', 'include_tasks', { file: 'more.yml' }), runs('h2')]
  const { run, effects } = fakeHosts(['a'])
  const more = { ...loader, includeTasks: async () => [runs('inside')] }
  await run([play([notifies('h1', 'h2'), breaks], { ...forced, handlers })], { loader: more })
  t.strictSame(acts(effects), ['a act fail', 'a act inside', 'a act h2'])
})

t.test('a handler that is a meta is not owed any more', async t => {
  const { run, effects } = fakeHosts(['a'])
  const handlers = [step('h', 'meta', { action: 'end_host' })]
  await run([play([notifies('h'), flush(), runs('after')], { handlers })])
  t.strictSame(effects, ['a remember h', 'a set k 1', 'a forget h'])
})

t.test('force_handlers: a keyword of a handler that cannot be evaluated is its failure, and no bug', async t => {
  const nope = computed([], () => {
    throw new ExpressionError("'nope' is undefined", { file: 'site.yml', line: 1, col: 1 })
  })
  for (const keyword of [{ throttle: nope }, { runOnce: nope }]) {
    const handlers = [step('h1', 'act', { cmd: 'h1' }, keyword), runs('h2')]
    const { run, effects } = fakeHosts(['a'])
    const ended = await run([play([notifies('h1', 'h2'), breaks], { ...forced, handlers })])
    t.strictSame(acts(effects), ['a act fail', 'a act h2'])
    t.equal(ended.exitCode, 1)
  }
})

t.test('force_handlers: hosts that fail with another one run theirs too', async t => {
  const onA = computed(['me'], ([me]) => me === 'a')
  const { run, effects } = fakeHosts(['a', 'b'])
  const body = [notifies('h'), step('breaks', 'act', { cmd: 'fail' }, { when: [onA], anyErrorsFatal: constant(true) })]
  await run([play([...body, runs('after')], { ...forced, handlers: [runs('h')] }), later])
  t.strictSame(acts(effects).toSorted(), ['a act fail', 'a act h', 'b act h'])
})

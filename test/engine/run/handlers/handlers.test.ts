import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { loader } from '../harness/loader.js'
import { flush, play, step } from '../harness/steps.js'

t.test('handlers: written down before the change, run at the flush, forgotten after', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const body = [
    step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('restart')] }),
    step('two', 'setting', { key: 'k2', value: '1' }),
    flush(),
  ]
  const handlers = [step('other', 'act', { cmd: 'other' }), step('restart', 'act', { cmd: 'restart' })]
  await run([play(body, { handlers })])
  t.strictSame(effects, ['a remember restart', 'a set k 1', 'a set k2 1', 'a act restart', 'a forget restart'])
  t.strictSame(statuses('a'), ['changed one', 'changed two', 'changed restart'])
})

t.test('a flush makes the names of its handlers once, however many there are', async t => {
  const { run, statuses } = fakeHosts(['a'])
  let made = 0
  const named = (name: string) => ({ ...constant(name), evaluate: () => ++made && name })
  const names = Array.from({ length: 20 }, (_, i) => `handler ${i}`)
  const handlers = names.map((name, i) => step(name, 'act', { cmd: `run${i}` }, { name: named(name) }))
  const notified = (key: string, notify: readonly string[]) =>
    step(key, 'setting', { key, value: '1' }, { notify: notify.map(name => constant(name)) })
  await run([play([notified('one', names.slice(0, 1)), flush()], { handlers })])
  const few = made
  made = 0
  await run([play([notified('all', names), flush()], { handlers })])
  t.equal(statuses('a').length, 1 + 1 + 1 + names.length)
  t.ok(made < few + 4 * names.length, `${made} names made for ${names.length} handlers, ${few} for one`)
})

t.test('a handler that comes in after a flush is meant by what was notified before', async t => {
  const { run, effects } = fakeHosts(['a'])
  const listens = (name: string) => step(name, 'act', { cmd: name }, { listen: ['topic'] })
  const notifies = (key: string) => step(key, 'setting', { key, value: '1' }, { notify: [constant('topic')] })
  const include = step('include', 'include_tasks', { file: 'more' })
  const more = { ...loader, includeTasks: async () => [notifies('two')], handlersOf: () => [listens('second')] }
  await run([play([notifies('one'), flush(), include, flush()], { handlers: [listens('first')] })], { loader: more })
  t.strictSame(
    effects.filter(effect => effect.includes('act')),
    ['a act first', 'a act first', 'a act second'],
  )
})

t.test('notifying a handler that there is not is said before anything is changed', async t => {
  const { run, effects } = fakeHosts(['a'])
  const ended = await run([play([step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('nobody')] })])])
  t.equal(ended.exitCode, 1)
  t.strictSame(effects, [])
})

import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import type { AnyModule } from '../../../../engine/core/module.js'
import type { Node, Step } from '../../../../engine/core/step.js'
import type { RunInput } from '../../../../engine/run/input.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { act, setting } from '../harness/modules.js'
import { flush, play, step } from '../harness/steps.js'

/** Hosts wait for one another's turns, slots and meetings: none may wait for one that waits for it. */

/** The others get ahead of it. */
const slow = { slow: 'a' }
const on = (...names: readonly string[]): Partial<Step> => ({
  when: [computed(['me'], ([me]) => names.includes(String(me)))],
})
const go = (cmd: string, more: Partial<Step> = {}): Step => step(cmd, 'act', { cmd }, more)
const one: Partial<Step> = { throttle: constant(1) }
const once: Partial<Step> = { runOnce: constant(true) }
const [asOne, own] = [go('throttled', one), go('own')]

/** `include_tasks`, each item of it a file. */
const includes = (files: { readonly [file: string]: readonly Node[] }): Partial<RunInput> => {
  const none = async () => [] as const
  const missing = async () => {
    throw new Error('nothing is read here')
  }
  return {
    loader: {
      includeTasks: async (_, file) => files[file] ?? [],
      includeRole: none,
      handlersOf: () => [],
      exposedBy: () => [],
      rolesOf: () => [],
      varsFile: missing,
      includeVars: missing,
    },
  }
}
const include = (file: string, more: Partial<Step> = {}): Step =>
  step(`include ${file}`, 'include_tasks', { file }, more)

t.test('throttle: a later batch does not take the slot from the one that it waits for', async t => {
  for (const strategy of ['linear', 'free'] as const) {
    const hosts = fakeHosts(['a', 'b'], slow)
    const body = [go('slow', on('a')), asOne]
    t.equal((await hosts.run([play(body, { serial: [constant(1)], strategy })])).exitCode, 0, strategy)
    t.strictSame(hosts.effects, ['a act slow', 'a act throttled', 'b act throttled'], strategy)
  }
})

t.test('throttle: nor does a later inclusion of the same task, or a later flush of the same handler', async t => {
  const included = fakeHosts(['a', 'b'], slow)
  const files = { first: [go('slow', on('a')), { ...asOne, ...on('a') }], second: [asOne] }
  t.equal((await included.run([play([include('first'), include('second')])], includes(files))).exitCode, 0)
  t.strictSame(included.effects.slice(0, 2), ['a act slow', 'a act throttled'])
  t.equal(included.effects.length, 4)

  const flushed = fakeHosts(['a', 'b'], slow)
  const notify = { notify: [constant('handler')] }
  const body = [go('slow', { ...notify, ...on('a') }), flush(), go('more', { ...notify, ...on('b') }), flush()]
  const handlers = [go('handler', one)]
  t.equal((await flushed.run([play(body, { handlers })])).exitCode, 0)
  t.strictSame(
    flushed.effects.filter(effect => effect.includes(' act ')),
    ['a act slow', 'a act handler', 'b act more', 'b act handler'],
  )
})

t.test('throttle: so many hosts of a batch are at the task at once', async t => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const atOnce = async (throttle: number | undefined): Promise<number> => {
    let [now, most] = [0, 0]
    const counted: AnyModule = {
      ...act,
      async apply(change, params, session) {
        most = Math.max(most, ++now)
        const value = await act.apply(change, params, session)
        now--
        return value
      },
    }
    const limit = throttle === undefined ? {} : { throttle: constant(throttle) }
    await fakeHosts(names).run([play([go('go', limit)])], { modules: new Map([['act', counted]]) })
    return most
  }
  t.equal(await atOnce(1), 1)
  t.equal(await atOnce(2), 2)
  t.equal(await atOnce(undefined), names.length)
})

t.test('run_once: hosts that stand at the same place in different files do not wait for one another', async t => {
  const meet = { ...own, ...once }
  const files = {
    a: [{ ...meet, id: 'of a' }],
    b: [{ ...meet, id: 'of b' }, asOne],
  }
  const hosts = fakeHosts(['a', 'b'], slow)
  const each = [include('a', on('a')), include('b', on('b'))]
  t.equal((await hosts.run([play(each)], includes(files))).exitCode, 0)

  const byName = fakeHosts(['a', 'b'], slow)
  const file = computed(['me'], ([me]) => new Map([['file', me ?? null]]))
  const { exitCode } = await byName.run([play([step('include', 'include_tasks', file)])], includes(files))
  t.equal(exitCode, 0)
  t.strictSame(byName.effects.toSorted(), ['a act own', 'b act own', 'b act throttled'])
})

t.test('run_once: with fewer slots than hosts, also for the first task of all', async t => {
  const hosts = fakeHosts(['a', 'b', 'c'], slow)
  const body = [go('first', { ...once, ...one }), step('all', 'setting', { key: 'x', value: '1' }, one), asOne]
  const { exitCode } = await hosts.run([play(body)], {
    forks: 1,
    modules: new Map<string, AnyModule>([
      ['act', act],
      ['setting', setting],
    ]),
  })
  t.equal(exitCode, 0)
  t.strictSame(
    hosts.effects.filter(effect => effect.endsWith('first')),
    ['a act first'],
    'once, although the others had not come there when the first one did',
  )
  t.equal(hosts.effects.length, 7)
})

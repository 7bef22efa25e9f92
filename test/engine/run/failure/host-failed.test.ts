import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { block, play, step } from '../harness/steps.js'

t.test('when all hosts of a play failed, no later play begins, for other hosts neither', async t => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const ended = await run([
    play([step('break', 'act', { cmd: 'fail' })], { hosts: constant('a') }),
    play([step('after', 'act', { cmd: 'after' })], { hosts: constant('b') }),
  ])
  t.strictSame(effects, ['a act fail'])
  t.match(ended, { exitCode: 1, hosts: { b: { changed: 0, failed: 0 } } })
})

t.test('as long as one host of a play is left, the next one begins', async t => {
  const onlyA = computed(['me'], ([name]) => name === 'a')
  const { run, effects } = fakeHosts(['a', 'b', 'c'])
  await run([
    play([step('break', 'act', { cmd: 'fail' }, { when: [onlyA] })], { hosts: constant('a,b') }),
    play([step('after', 'act', { cmd: 'after' })], { hosts: constant('c') }),
  ])
  t.strictSame(effects, ['a act fail', 'c act after'])
})

t.test('run_once that fails ends the play for all', async t => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const ended = await run([
    play([step('once', 'act', { cmd: 'fail' }, { runOnce: constant(true) }), step('after', 'act', { cmd: 'after' })]),
  ])
  t.strictSame(effects, ['a act fail'])
  t.match(ended, { exitCode: 1, hosts: { a: { failed: 1 }, b: { failed: 0 } } })
})

t.test('run_once that fails is rescued on all, and forgiven for all', async t => {
  const once = { runOnce: constant(true), register: 'r' }
  const tried = block(
    [step('once', 'act', { cmd: 'fail' }, once), step('never', 'act', { cmd: 'never' })],
    [step('rescue', 'act', { cmd: 'rescue' })],
  )
  const { run, effects } = fakeHosts(['a', 'b'])
  const ended = await run([
    play([tried, step('forgiven', 'act', { cmd: 'fail' }, { ...once, ignoreErrors: constant(true) })]),
    play([step('after', 'act', { cmd: 'after' })]),
  ])
  const counted = (word: string) => effects.filter(one => one.endsWith(word)).length
  t.strictSame([counted('rescue'), counted('never'), counted('fail'), counted('after')], [2, 0, 2, 2])
  t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, ignored: 1 }, b: { rescued: 0, failed: 0 } } })
})

t.test('a rescue takes over, always runs, and the host goes on', async t => {
  const { run, effects, statuses } = fakeHosts(['a'])
  const tried = block(
    [step('try', 'act', { cmd: 'fail' }), step('never', 'act', { cmd: 'never' })],
    [step('rescue', 'act', { cmd: 'rescue' })],
    [step('always', 'act', { cmd: 'always' })],
  )
  const ended = await run([play([tried, step('after', 'act', { cmd: 'after' })])])
  t.strictSame(effects, ['a act fail', 'a act rescue', 'a act always', 'a act after'])
  t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, failed: 0 } } })
  t.equal(statuses('a').length, 4)
})

t.test('any_errors_fatal ends the play for all', async t => {
  const me = computed(['me'], ([name]) => name === 'a')
  const { run, effects } = fakeHosts(['a', 'b'])
  await run([
    play([step('break', 'act', { cmd: 'fail' }, { when: [me] }), step('after', 'act', { cmd: 'after' })], {
      anyErrorsFatal: constant(true),
    }),
  ])
  t.strictSame(effects, ['a act fail'])
})

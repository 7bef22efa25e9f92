import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { lab, play, step } from '../harness.js'

const source = { file: 'site.yml', line: 1, col: 1 }

t.test('when all hosts of a play failed, no later play begins, for other hosts neither', async t => {
  const { run, effects } = lab(['a', 'b'])
  const ended = await run([
    play([step('break', 'act', { cmd: 'fail' })], { hosts: constant('a') }),
    play([step('after', 'act', { cmd: 'after' })], { hosts: constant('b') }),
  ])
  t.strictSame(effects, ['a act fail'])
  t.match(ended, { exitCode: 1, hosts: { b: { changed: 0, failed: 0 } } })
})

t.test('as long as one host of a play is left, the next one begins', async t => {
  const onlyA = computed(['me'], ([name]) => name === 'a')
  const { run, effects } = lab(['a', 'b', 'c'])
  await run([
    play([step('break', 'act', { cmd: 'fail' }, { when: [onlyA] })], { hosts: constant('a,b') }),
    play([step('after', 'act', { cmd: 'after' })], { hosts: constant('c') }),
  ])
  t.strictSame(effects, ['a act fail', 'c act after'])
})

t.test('run_once that fails ends the play for all', async t => {
  const { run, effects } = lab(['a', 'b'])
  const ended = await run([
    play([step('once', 'act', { cmd: 'fail' }, { runOnce: constant(true) }), step('after', 'act', { cmd: 'after' })]),
  ])
  t.strictSame(effects, ['a act fail'])
  t.match(ended, { exitCode: 1, hosts: { a: { failed: 1 }, b: { failed: 0 } } })
})

t.test('run_once that fails is rescued on all, and forgiven for all', async t => {
  const once = { runOnce: constant(true), register: 'r' }
  const tried = {
    kind: 'block' as const,
    name: undefined,
    source,
    body: [step('once', 'act', { cmd: 'fail' }, once), step('never', 'act', { cmd: 'never' })],
    rescue: [step('rescue', 'act', { cmd: 'rescue' })],
    always: [],
  }
  const { run, effects } = lab(['a', 'b'])
  const ended = await run([
    play([tried, step('forgiven', 'act', { cmd: 'fail' }, { ...once, ignoreErrors: constant(true) })]),
    play([step('after', 'act', { cmd: 'after' })]),
  ])
  const counted = (word: string) => effects.filter(one => one.endsWith(word)).length
  t.strictSame([counted('rescue'), counted('never'), counted('fail'), counted('after')], [2, 0, 2, 2])
  t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, ignored: 1 }, b: { rescued: 0, failed: 0 } } })
})

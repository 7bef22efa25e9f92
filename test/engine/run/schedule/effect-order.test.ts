import t from 'tap'
import { EffectOrder } from '../../../../engine/run/schedule/effect-order.js'

t.test('an apply waits for the host that stands furthest back', async t => {
  const effectOrder = new EffectOrder(
    new Map([
      ['a', [0, 0, 0]],
      ['b', [0, 0, 0]],
    ]),
  )
  const went: string[] = []
  effectOrder.moveTo('a', [0, 0, 3])
  const turn = effectOrder.waitForTurn([0, 0, 3]).then(() => went.push('a'))
  effectOrder.moveTo('b', [0, 0, 2])
  await Promise.resolve()
  t.strictSame(went, [], 'b still stands before it')
  effectOrder.moveTo('b', [0, 0, 3])
  await turn
  t.strictSame(went, ['a'], 'equal paths go together')
})

t.test('a host that left holds nobody back', async t => {
  const effectOrder = new EffectOrder(
    new Map([
      ['a', [0, 0, 0]],
      ['b', [0, 0, 0]],
    ]),
  )
  effectOrder.leave('b')
  effectOrder.moveTo('a', [5])
  await effectOrder.waitForTurn([5])
  t.ok(effectOrder.isTurn([5]))
})

t.test('free strategies ask for their batch only', async t => {
  const effectOrder = new EffectOrder(
    new Map([
      ['a', [0, 0, 9]],
      ['b', [0, 0, 0]],
    ]),
  )
  t.ok(effectOrder.isTurn([0, 0]), 'both are in the batch')
  t.notOk(effectOrder.isTurn([0, 1]), 'the next batch waits for b')
})

t.test('predicates are asked again when someone pokes', async t => {
  const effectOrder = new EffectOrder(new Map([['a', [0]]]))
  let ready = false
  const wait = effectOrder.until(() => ready)
  ready = true
  effectOrder.recheck()
  await t.resolves(wait)
})

import t from 'tap'
import { Gate } from '../../../engine/run/schedule/effect-order.js'
import { comparePaths } from '../../../engine/run/timeline/path.js'

t.test('paths are ordered like a dictionary, a prefix first', async t => {
  const paths = [[1], [0, 0, 2, 0], [0, 0, 2], [0, 1], [0, 0, 10]]
  t.strictSame(paths.sort(comparePaths), [[0, 0, 2], [0, 0, 2, 0], [0, 0, 10], [0, 1], [1]])
})

t.test('an apply waits for the host that stands furthest back', async t => {
  const gate = new Gate(
    new Map([
      ['a', [0, 0, 0]],
      ['b', [0, 0, 0]],
    ]),
  )
  const went: string[] = []
  gate.stand('a', [0, 0, 3])
  const turn = gate.turn([0, 0, 3]).then(() => went.push('a'))
  gate.stand('b', [0, 0, 2])
  await Promise.resolve()
  t.strictSame(went, [], 'b still stands before it')
  gate.stand('b', [0, 0, 3])
  await turn
  t.strictSame(went, ['a'], 'equal paths go together')
})

t.test('a host that left holds nobody back', async t => {
  const gate = new Gate(
    new Map([
      ['a', [0, 0, 0]],
      ['b', [0, 0, 0]],
    ]),
  )
  gate.leave('b')
  gate.stand('a', [5])
  await gate.turn([5])
  t.ok(gate.isTurn([5]))
})

t.test('free strategies ask for their batch only', async t => {
  const gate = new Gate(
    new Map([
      ['a', [0, 0, 9]],
      ['b', [0, 0, 0]],
    ]),
  )
  t.ok(gate.isTurn([0, 0]), 'both are in the batch')
  t.notOk(gate.isTurn([0, 1]), 'the next batch waits for b')
})

t.test('predicates are asked again when someone pokes', async t => {
  const gate = new Gate(new Map([['a', [0]]]))
  let ready = false
  const wait = gate.until(() => ready)
  ready = true
  gate.poke()
  await t.resolves(wait)
})

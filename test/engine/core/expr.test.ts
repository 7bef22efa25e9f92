import t from 'tap'
import { computed, ExpressionError, noScope } from '../../../engine/core/expr.js'

t.test("what a computed throws is the role's: it says the names, why, and the line", async t => {
  const broken = computed(['found', 'other'], () => {
    throw new TypeError('nothing there')
  })
  t.throws(() => broken.evaluate(noScope), {
    message: 'computed(found, other) failed: nothing there',
    source: { file: /expr\.test\.[jt]s$/, line: Number, col: Number },
  })
})

t.test('what is undefined in it keeps its own words', async t => {
  const why = new ExpressionError("'x' is undefined", undefined, undefined, 'undefined')
  const asks = computed([], () => {
    throw why
  })
  t.throws(() => asks.evaluate(noScope), why)
})

import t from 'tap'
import { summary } from '../../bench/statistics.js'

t.test('the median is the middle, or between the two in the middle', async t => {
  t.same(summary([3, 1, 10]), { median: 3, min: 1, max: 10 })
  t.same(summary([4, 1, 10, 2]), { median: 3, min: 1, max: 10 })
  t.same(summary([7]), { median: 7, min: 7, max: 7 })
  t.equal(summary([]), undefined)
})

import t from 'tap'
import { batchesOf, batchSize } from '../../../../engine/run/timeline/play-run.js'

t.test('serial splits the hosts, its last size repeats', async t => {
  const hosts = ['a', 'b', 'c', 'd', 'e']
  t.strictSame(batchesOf(hosts, []), [hosts])
  t.strictSame(batchesOf(hosts, [1, 2]), [['a'], ['b', 'c'], ['d', 'e']])
  t.strictSame(batchesOf([], [1]), [])
})

t.test('sizes are numbers or percentages, never less than one host', async t => {
  t.equal(batchSize(2, 5), 2)
  t.equal(batchSize('40%', 5), 2)
  t.equal(batchSize('1%', 5), 1)
  t.equal(batchSize(0, 5), 5, '0 is all at once')
})

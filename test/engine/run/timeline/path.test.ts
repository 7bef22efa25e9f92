import t from 'tap'
import { comparePaths } from '../../../../engine/run/timeline/path.js'

t.test('paths are ordered like a dictionary, a prefix first', async t => {
  const paths = [[1], [0, 0, 2, 0], [0, 0, 2], [0, 1], [0, 0, 10]]
  t.strictSame(paths.sort(comparePaths), [[0, 0, 2], [0, 0, 2, 0], [0, 0, 10], [0, 1], [1]])
})

import t from 'tap'
import { Memo } from '../../../engine/template/filters/memo.js'

t.test('what was worked out is not worked out again, and the oldest is forgotten', async t => {
  const made: string[] = []
  const memo = new Memo<string>(2)
  const get = (name: string): string =>
    memo.of(['kind', name, 1], () => {
      made.push(name)
      return `of ${name}`
    })
  t.strictSame([get('a'), get('a'), get('b'), get('a')], ['of a', 'of a', 'of b', 'of a'])
  t.strictSame(made, ['a', 'b'])
  get('c')
  get('b')
  get('a')
  t.strictSame(made, ['a', 'b', 'c', 'a'])
})

t.test('inputs that only look alike together are told apart', async t => {
  const memo = new Memo<number>(10)
  t.equal(
    memo.of(['a', 'b'], () => 1),
    1,
  )
  t.equal(
    memo.of(['ab', ''], () => 2),
    2,
  )
  t.equal(
    memo.of(['a,b'], () => 3),
    3,
  )
})

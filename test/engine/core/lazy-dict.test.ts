import t from 'tap'
import { LazyDict } from '../../../engine/core/lazy-dict.js'
import type { Key, Value } from '../../../engine/core/value.js'

t.test('a member is made once, when it is asked for; whether it is there is told without making it', async t => {
  const made: Key[] = []
  const dict = new LazyDict(
    () => ['a', 'b', 'a'],
    key => {
      made.push(key)
      return `${String(key)}!`
    },
  )
  t.strictSame([dict.has('a'), dict.has('c'), dict.size, [...dict.keys()]], [true, false, 2, ['a', 'b']])
  t.strictSame(made, [])
  t.strictSame([dict.get('b'), dict.get('b'), [...dict.values()]], ['b!', 'b!', ['a!', 'b!']])
  t.strictSame(made, ['b', 'a'])
})

t.test('a member that asks for itself is a circle, and the others stay usable', async t => {
  const dict: LazyDict = new LazyDict(
    () => ['a', 'b', 'c'],
    (key): Value | undefined => (key === 'c' ? 1 : dict.get(key === 'a' ? 'b' : 'a')),
  )
  t.throws(() => dict.get('a'), { code: 'recursion', message: /'a' is defined by itself/ })
  t.throws(() => dict.get('a'), { code: 'recursion' })
  t.equal(dict.get('c'), 1)
})

import { join } from 'node:path'
import t from 'tap'
import { rowsOf } from './rows.js'

interface Row {
  readonly name: string
  readonly says?: string
}

t.test('a column that nobody reads, and a name that two rows have, are refused', async t => {
  const read = (text: string) => rowsOf<Row>(join(t.testdir({ 'rows.yml': text }), 'rows.yml'), ['name', 'says'])
  t.strictSame(read('- {name: a, says: x}\n- {name: b}\n'), [{ name: 'a', says: 'x' }, { name: 'b' }])
  t.throws(() => read('- {name: a, syas: x}\n'), /rows\.yml: nobody reads 'syas' of /)
  t.throws(() => read('- {name: a, and more, says: x}\n'), /nobody reads 'and more'/, 'a comma ends a text in braces')
  t.throws(() => read('- {name: a}\n- {name: a}\n'), /two rows are called 'a'/)
})

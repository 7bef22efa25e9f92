import t from 'tap'
import { undoList } from '../../bench/undo.js'

t.test('the last thing goes first, each once, and a failure stops nothing', async t => {
  const gone: string[] = []
  const said: string[] = []
  const undo = undoList(line => void said.push(line))
  const go = (what: string) => async () => void gone.push(what)
  undo.push('folder', go('folder'))
  undo.push('server', () => Promise.reject(new Error('it is busy')))
  undo.push('lab', go('lab'))
  undo.push('lab', go('lab again'))
  await undo.unwind()
  await undo.unwind()
  t.same(gone, ['lab', 'folder'])
  t.same(said, ['server could not be taken away: it is busy'])
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { filesUnder } from '../../../scripts/lib/project.js'
import { removeStale } from '../../../scripts/lib/stale.js'

t.test('what was compiled from a source that is gone goes too; everything else stays', async t => {
  const base = t.testdir()
  const files = [
    'engine/a.ts',
    'dist/engine/a.js',
    'dist/engine/a.d.ts',
    'dist/.tsbuildinfo',
    'dist/note.txt',
    'dist/bundle/bin/a.js',
    'dist/bundle.new/bin/a.js',
  ]
  const gone = ['dist/test/old.test.js', 'dist/test/old.test.d.ts']
  for (const file of [...files, ...gone]) {
    mkdirSync(dirname(join(base, file)), { recursive: true })
    writeFileSync(join(base, file), '')
  }
  t.same([...removeStale(base)].sort(), [...gone].sort())
  t.same(filesUnder('dist', base), files.filter(file => file.startsWith('dist')).sort())
  t.same(removeStale(base), [])
})

import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFolders } from '../../../../engine/config/files/make-folders.js'

t.test('folders are made down to the last', async t => {
  const dir = t.testdir({ there: {} })
  for (const path of ['there', 'there/a', 'b/c/d', 'b/c/d']) {
    makeFolders(join(dir, path), 0o700)
    t.ok(statSync(join(dir, path)).isDirectory(), path)
  }
  t.equal(statSync(join(dir, 'b')).mode & 0o777, 0o700)
  writeFileSync(join(dir, 'file'), '')
  t.throws(() => makeFolders(join(dir, 'file'), 0o700), { code: 'EEXIST' })
  t.throws(() => makeFolders(join(dir, 'file/x'), 0o700), { code: 'ENOTDIR' })
})

t.test('where the system makes none it is an error, and no circle', async t => {
  t.throws(() => makeFolders('/proc/none', 0o700), { code: 'ENOENT' })
  t.throws(() => makeFolders('/proc/none/of/these', 0o700), { code: 'ENOENT' })
})

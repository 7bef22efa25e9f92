import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { cached, contentKey } from '../../../lab/mirror/cache.js'

t.test('made once; what was interrupted is made again', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-cache-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'deep', 'thing')
  await t.rejects(
    cached(path, async partial => {
      await writeFile(partial, 'half')
      throw new Error('interrupted')
    }),
    { message: 'interrupted' },
  )
  let made = 0
  const make = async (partial: string) => {
    made++
    await writeFile(partial, 'whole', { flag: 'wx' })
  }
  t.equal(await cached(path, make), path)
  await cached(path, make)
  t.equal(made, 1)
  t.equal(await readFile(path, 'utf8'), 'whole')
  t.strictSame(await readdir(join(folder, 'deep')), ['thing'])
})

t.test('equal content has an equal key', async t => {
  t.equal(contentKey({ a: 1 }, 'x'), contentKey({ a: 1 }, 'x'))
  t.not(contentKey({ a: 1 }), contentKey({ a: 2 }))
  t.match(contentKey('x'), /^[0-9a-f]{12}$/)
})

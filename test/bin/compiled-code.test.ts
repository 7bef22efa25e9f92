import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { type Ran, tkplay } from '../support/tkplay.js'

const inCache = (t: Test) => {
  const cache = t.testdir()
  const folder = join(cache, 'tkplay/compiled')
  return {
    folder,
    version: (env = {}): Promise<Ran> => tkplay(['--version'], { env: { XDG_CACHE_HOME: cache, ...env } }),
    files: (): readonly string[] => readdirSync(folder).map(name => join(folder, name)),
  }
}
const isVersion = (t: Test, { code, stdout, stderr }: Ran): void => {
  t.match(stdout, /^\d+\.\d+\.\d+\n$/)
  t.same({ code, stderr }, { code: 0, stderr: '' })
}
const only = ([file = '', ...more]: readonly string[]): string => {
  if (more.length > 0 || file === '') throw new Error('not one file')
  return file
}

t.test('the first run keeps what was compiled, for its user only; the next one takes it as it is', async t => {
  const { version, folder, files } = inCache(t)
  isVersion(t, await version())
  const file = only(files())
  t.equal(statSync(folder).mode & 0o777, 0o700)
  t.equal(statSync(file).mode & 0o777, 0o600)
  const { ino } = statSync(file)
  isVersion(t, await version())
  t.equal(statSync(only(files())).ino, ino)
})

t.test('what is damaged, cut short or empty is made anew, and never runs', async t => {
  const { version, files } = inCache(t)
  await version()
  const file = only(files())
  const good = readFileSync(file)
  const flipped = Buffer.from(good)
  for (let at = 20_000; at < flipped.length; at += 1000) flipped[at] = (flipped[at] ?? 0) ^ 0xff
  for (const bad of [flipped, good.subarray(0, good.length / 2), Buffer.alloc(0)]) {
    writeFileSync(file, bad)
    isVersion(t, await version())
    t.not(readFileSync(file).compare(bad), 0)
  }
})

t.test('a pipe in its place is not waited for, and a folder there is left alone, with nothing beside it', async t => {
  const { version, folder, files } = inCache(t)
  await version()
  const file = only(files())
  rmSync(file)
  execFileSync('mkfifo', ['-m', '600', file])
  isVersion(t, await version())
  t.ok(statSync(file).isFile(), 'the pipe was replaced')
  rmSync(file)
  mkdirSync(join(file, 'x'), { recursive: true })
  isVersion(t, await version())
  t.same(readdirSync(folder), [basename(file)])
})

t.test('a file that others may write is not read', async t => {
  const { version, files } = inCache(t)
  await version()
  const file = only(files())
  chmodSync(file, 0o666)
  isVersion(t, await version())
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('nothing is written into a folder that others may write', async t => {
  const { version, folder } = inCache(t)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o777)
  isVersion(t, await version())
  t.same(readdirSync(folder), [])
})

t.test('nothing is kept: switched off, no such folder can be made, or the command failed', async t => {
  const off = inCache(t)
  isVersion(t, await off.version({ NODE_DISABLE_COMPILE_CACHE: '1' }))
  t.throws(() => off.files(), { code: 'ENOENT' })

  const cache = t.testdir({ file: '' })
  isVersion(t, await tkplay(['--version'], { env: { XDG_CACHE_HOME: join(cache, 'file') } }))

  // Where the system makes no folder; only its owner asks for one there.
  isVersion(t, await tkplay(['--version'], { env: { XDG_CACHE_HOME: '/proc' } }))

  t.equal((await tkplay(['rnu'], { env: { XDG_CACHE_HOME: cache } })).code, 2)
  t.same(readdirSync(cache), ['file'])
})

t.test('nothing is kept in the home of another user', { skip: process.getuid?.() !== 0 && 'needs root' }, async t => {
  const { version, files, folder } = inCache(t)
  chownSync(join(folder, '../..'), 65534, 65534)
  isVersion(t, await version())
  t.throws(() => files(), { code: 'ENOENT' })
})

t.test('what no run has written for a month goes', async t => {
  const { version, folder, files } = inCache(t)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const old = join(folder, 'old')
  const recent = join(folder, 'recent')
  for (const [file, days] of [
    [old, 31],
    [recent, 29],
  ] as const) {
    writeFileSync(file, '')
    const then = new Date(Date.now() - days * 24 * 3600 * 1000)
    utimesSync(file, then, then)
  }
  await version()
  t.equal(files().length, 2)
  t.notOk(files().includes(old))
})

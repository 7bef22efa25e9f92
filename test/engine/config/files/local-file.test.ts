import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  isFolder,
  isNamed,
  readLargeLocal,
  readLocal,
  readStart,
  textLimit,
  whyUnread,
} from '../../../../engine/config/files/local-file.js'

const refusal = async (run: () => unknown): Promise<string | undefined> => {
  try {
    await run()
    return 'read'
  } catch (error) {
    return whyUnread(error)
  }
}

/** Each reader, and what it says. */
const refusals = async (path: string): Promise<readonly (string | undefined)[]> => [
  await refusal(() => readLocal(path)),
  await refusal(() => readLargeLocal(path)),
]

const same = (t: Test, said: readonly unknown[], why: string): void => {
  t.strictSame([...new Set(said)], [why])
}

t.test('what is no regular file is refused at once', async t => {
  const dir = t.testdir({ folder: {} })
  const at = (name: string): string => join(dir, name)
  execFileSync('mkfifo', [at('pipe')])
  symlinkSync('pipe', at('to-pipe'))
  symlinkSync('/dev/zero', at('to-zero'))
  symlinkSync('circle', at('circle'))
  symlinkSync('nowhere', at('dangling'))
  const server = createServer()
  // A socket's path is short.
  const short = mkdtempSync(join(tmpdir(), 's-'))
  const socket = join(short, 'socket')
  await new Promise<void>(ready => server.listen(socket, ready))
  t.teardown(() => {
    server.close()
    rmSync(short, { recursive: true })
  })
  same(t, await refusals(at('pipe')), 'it is a named pipe, not a regular file')
  same(t, await refusals(at('to-pipe')), 'it is a named pipe, not a regular file')
  same(t, await refusals('/dev/zero'), 'it is a device, not a regular file')
  same(t, await refusals(at('to-zero')), 'it is a device, not a regular file')
  same(t, await refusals(socket), 'it is a socket, not a regular file')
  same(t, await refusals(at('folder')), 'it is a folder')
  same(t, await refusals(at('circle')), 'its links go in circles')
  same(t, await refusals(at('dangling')), 'there is no such file, or a link leads nowhere')
  same(t, await refusals(at('pipe/x')), 'a part of the path is no folder')
  t.equal(await refusal(() => readStart(at('pipe'), 4)), 'it is a named pipe, not a regular file')
  t.equal(await refusal(() => readStart('/dev/zero', 4)), 'it is a device, not a regular file')
  t.equal(whyUnread(new Error('a bug')), undefined)
})

t.test('/dev/null is an empty file', async t => {
  t.equal(readLocal('/dev/null').length, 0)
  t.equal((await readLargeLocal('/dev/null')).length, 0)
})

t.test('sizes are bounded, also of what does not say its size', async t => {
  const dir = t.testdir({})
  const file = join(dir, 'file')
  for (const size of [0, 1, 8 * 1024 - 1, 8 * 1024, 8 * 1024 + 1, 100_000]) {
    const bytes = Buffer.alloc(size, 'x')
    writeFileSync(file, bytes)
    t.ok(readLocal(file, { limit: size }).equals(bytes), `${size}`)
    t.ok((await readLargeLocal(file, size)).equals(bytes), `${size}, while others work`)
    if (size > 0)
      t.equal(await refusal(() => readLargeLocal(file, size - 1)), `it is larger than ${(size - 1) / 1024 / 1024} MiB`)
  }
  writeFileSync(file, Buffer.alloc(textLimit + 1))
  t.equal(await refusal(() => readLocal(file)), 'it is larger than 16 MiB')
  // It says that it is empty.
  t.match(readLocal('/proc/self/status').toString(), /^Name:/)
  t.equal(await refusal(() => readLocal('/proc/self/status', { limit: 8 })), `it is larger than ${8 / 1024 / 1024} MiB`)
  t.equal(readStart(file, 4).length, 4)
})

t.test('a pipe that the user names is read to its end, and no further than its bound', async t => {
  const dir = t.testdir({})
  const pipe = join(dir, 'pipe')
  execFileSync('mkfifo', [pipe])
  const written = (command: string): void => {
    execFileSync('/bin/sh', ['-c', `(${command}) >"$0" 2>/dev/null </dev/null &`, pipe], { stdio: 'ignore' })
  }
  written('echo a; sleep 0.1; echo b')
  t.equal(readLocal(pipe, { pipe: true }).toString(), 'a\nb\n')
  written('yes')
  t.equal(await refusal(() => readLocal(pipe, { pipe: true })), 'it is larger than 16 MiB')
})

t.test('what is there by its name', async t => {
  const dir = t.testdir({ folder: { file: '' } })
  symlinkSync('nowhere', join(dir, 'dangling'))
  t.strictSame(
    ['folder', 'folder/file', 'dangling', 'none', 'folder/file/x'].map(name => isNamed(join(dir, name))),
    [true, true, true, false, false],
  )
  t.strictSame(
    ['folder', 'folder/file', 'dangling', 'none'].map(name => isFolder(join(dir, name))),
    [true, false, false, false],
  )
})

t.test('where it may not be read', { skip: process.geteuid?.() === 0 && 'root may read everything' }, async t => {
  const dir = t.testdir({ file: '' })
  mkdirSync(join(dir, 'closed'))
  chmodSync(join(dir, 'closed'), 0)
  t.teardown(() => chmodSync(join(dir, 'closed'), 0o700))
  chmodSync(join(dir, 'file'), 0)
  same(t, await refusals(join(dir, 'file')), 'permission denied')
  t.ok(isNamed(join(dir, 'closed/file')), 'nobody knows')
})

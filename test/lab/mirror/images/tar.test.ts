import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { sha256 } from '../../../../lab/mirror/cache.js'
import { type TarEntry, withFolders, writeTar } from '../../../../lab/mirror/images/tar.js'

const text = (path: string, content: string, mode = 0o644): TarEntry => ({
  kind: 'file',
  path,
  mode,
  body: Buffer.from(content),
})

t.test('folders are added before what lies in them, and stated ones are kept', async t => {
  const entries = withFolders([text('usr/bin/a', 'x'), { kind: 'folder', path: 'usr', mode: 0o700 }])
  t.strictSame(
    entries.map(entry => [entry.path, entry.kind, entry.kind === 'folder' ? entry.mode : undefined]),
    [
      ['usr', 'folder', 0o700],
      ['usr/bin', 'folder', undefined],
      ['usr/bin/a', 'file', undefined],
    ],
  )
})

t.test('a hard link comes after its target', async t => {
  const entries = withFolders([{ kind: 'hardlink', path: 'a', target: 'b' }, text('b', 'x')])
  t.strictSame(
    entries.map(entry => entry.path),
    ['b', 'a'],
  )
})

t.test('paths and targets of links of more than 100 bytes are kept whole', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-tar-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const archive = join(folder, 'a.tar')
  const split = `${'d'.repeat(90)}/${'f'.repeat(90)}`
  const whole = 'g'.repeat(200)
  await writeTar(archive, [text(split, 'x'), text(whole, 'y'), { kind: 'symlink', path: 'z', target: 't'.repeat(101) }])
  execFileSync('tar', ['-xf', archive, '-C', folder])
  t.equal(await readFile(join(folder, split), 'utf8'), 'x')
  t.equal(await readFile(join(folder, whole), 'utf8'), 'y')
  t.equal(await readlink(join(folder, 'z')), 't'.repeat(101))
})

t.test('a body that is not there is an error, and nobody waits for the archive', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-tar-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const missing: TarEntry = { kind: 'file', path: 'a', mode: 0o644, body: join(folder, 'missing') }
  await t.rejects(writeTar(join(folder, 'a.tar'), [missing]), { code: 'ENOENT' })
})

t.test('what is written is what tar unpacks', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-tar-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const body = join(folder, 'body')
  await writeFile(body, 'b'.repeat(1000))
  const archive = join(folder, 'a.tar')
  const entries: readonly TarEntry[] = [
    { kind: 'file', path: 'usr/local/bin/program', mode: 0o755, body },
    text('etc/empty', ''),
    { kind: 'symlink', path: 'etc/link', target: 'empty' },
    { kind: 'hardlink', path: 'again', target: 'usr/local/bin/program' },
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    { kind: 'folder', path: 'status', uid: 999 },
  ]
  const written = await writeTar(archive, entries)
  const bytes = await readFile(archive)
  t.strictSame(written, { sha256: sha256(bytes), size: bytes.length })
  const listing = execFileSync('tar', ['--numeric-owner', '-tvf', archive], { encoding: 'utf8' }).trim().split('\n')
  const seen = listing.map(line => line.replace(/ +/g, ' ').replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, ''))
  t.strictSame(seen, [
    'drwxr-xr-x 0/0 0 etc/',
    '-rw-r--r-- 0/0 0 etc/empty',
    'lrwxrwxrwx 0/0 0 etc/link -> empty',
    'drwxr-xr-x 999/999 0 status/',
    'drwxrwxrwt 0/0 0 tmp/',
    'drwxr-xr-x 0/0 0 usr/',
    'drwxr-xr-x 0/0 0 usr/local/',
    'drwxr-xr-x 0/0 0 usr/local/bin/',
    '-rwxr-xr-x 0/0 1000 usr/local/bin/program',
    'hrwxrwxrwx 0/0 0 again link to usr/local/bin/program',
  ])
  t.equal(execFileSync('tar', ['-xOf', archive, 'usr/local/bin/program'], { encoding: 'utf8' }), 'b'.repeat(1000))
  t.equal((await writeTar(archive, entries)).sha256, written.sha256, 'equal content, equal archive')
})

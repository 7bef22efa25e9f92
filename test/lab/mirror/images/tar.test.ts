import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { sha256 } from '../../../../lab/mirror/cache.js'
import { type TarEntry, tarHeader, withFolders } from '../../../../lab/mirror/images/tar.js'
import { writeTar } from '../../../../lab/mirror/images/tar-file.js'

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

t.test('a path of more than 100 bytes is split at a slash; one that cannot be is refused', async t => {
  const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`
  const header = Buffer.from(tarHeader(text(long, ''), 0))
  t.equal(header.toString('utf8', 0, 90), 'f'.repeat(90))
  t.equal(header.toString('utf8', 345, 435), 'd'.repeat(90))
  t.throws(() => tarHeader(text('f'.repeat(200), ''), 0), RangeError)
  t.throws(() => tarHeader({ kind: 'symlink', path: 'a', target: 'x'.repeat(101) }, 0), RangeError)
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

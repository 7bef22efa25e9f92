import { chmod, link, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ApplyFailed } from '../../../../engine/core/failure.js'
import type { JsonObject } from '../../../../engine/core/json.js'
import { paramsOf } from '../../../support/cases.js'
import { LocalHost } from '../../../support/local-host.js'
import { controller, converge, done, fromBareThenAgain, mode, named, rejection } from '../../../support/real.js'

t.setTimeout(180_000)

t.test('copy: a text', async t => {
  const dir = t.testdir()
  const dest = join(dir, "it's $HOME.txt")
  const params = { content: 'one\ntwo\n', dest, mode: '0640' }
  await fromBareThenAgain(t, 'copy', params, 1)
  t.equal(await readFile(dest, 'utf8'), 'one\ntwo\n')
  t.equal(await mode(dest), '640')
  await chmod(dest, 0o600)
  t.match(
    (await converge('copy', params)).plan,
    { changes: [{ kind: 'attributes', mode: 0o640 }] },
    'drift of the mode',
  )
  await writeFile(dest, 'one\nTWO\n')
  const repaired = await converge('copy', { ...params, backup: true })
  t.match(repaired.plan, { changes: [{ kind: 'put', diff: { before: 'one\nTWO\n', after: 'one\ntwo\n' } }] })
  const backup = (repaired.applied[0] as { backup_file: string }).backup_file
  t.equal(await readFile(backup, 'utf8'), 'one\nTWO\n')
  t.match(repaired.value, { dest, size: 8, mode: '0640', state: 'file' })
})

t.test('copy: what it refuses and waits for', async t => {
  const dir = t.testdir({ folder: {} })
  t.equal(done(await converge('copy', { content: 'x', dest: join(dir, 'no/such/file') })), `directory ${dir}/no/such`)
  t.equal(done(await converge('copy', { content: 'x', dest: join(dir, 'folder') })), 'is-directory')
})

t.test('copy: a path from home', async t => {
  const dir = t.testdir({})
  const atHome = new LocalHost(['/bin/sh'], { HOME: dir })
  const module = named('copy')
  const params = paramsOf(module, { content: 'x', dest: '~/a b' })
  const prepared = (await module.prepare?.(params, controller({}))) ?? params
  const run = await atHome.converge(module, prepared)
  t.match(run.plan, { changes: [{ path: join(dir, 'a b') }] })
  t.match(run.again, { changes: [] })
  t.equal(await readFile(join(dir, 'a b'), 'utf8'), 'x')
})

t.test('copy: bytes, a link in the way, a folder as the destination', async t => {
  const dir = t.testdir({ folder: {}, 'real.txt': 'old\n' })
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 256)
  const files = { '/c/blob': bytes, '/c/text': 'new\n' }
  await fromBareThenAgain(t, 'copy', { src: '/c/blob', dest: join(dir, 'folder'), mode: 'preserve' }, 1, files)
  t.same(new Uint8Array(await readFile(join(dir, 'folder/blob'))), bytes)
  t.equal(await mode(join(dir, 'folder/blob')), '640')
  await symlink('real.txt', join(dir, 'link.txt'))
  await fromBareThenAgain(t, 'copy', { src: '/c/text', dest: join(dir, 'link.txt'), follow: true }, 1, files)
  t.equal(await readFile(join(dir, 'real.txt'), 'utf8'), 'new\n')
  await writeFile(join(dir, 'real.txt'), 'old\n')
  await fromBareThenAgain(t, 'copy', { src: '/c/text', dest: join(dir, 'link.txt') }, 1, files)
  t.equal(await readFile(join(dir, 'real.txt'), 'utf8'), 'old\n', 'without follow the link is replaced')
  await fromBareThenAgain(t, 'copy', { src: '/c/text', dest: join(dir, 'a/b/') }, 1, files)
  t.equal(await readFile(join(dir, 'a/b/text'), 'utf8'), 'new\n')
})

t.test('copy: a file that fails its validation stays as it was', async t => {
  const dir = t.testdir({ rules: 'good\n' })
  const bad = { content: 'bad\n', dest: join(dir, 'rules'), validate: 'grep -q good %s' }
  t.ok((await rejection(converge('copy', bad))) instanceof ApplyFailed)
  t.equal(await readFile(join(dir, 'rules'), 'utf8'), 'good\n')
  t.same(await readdir(dir), ['rules'], 'no temporary file stays')
})

t.test('copy: a tree', async t => {
  const dir = t.testdir({})
  const files = { '/c/tree/one': '1\n', '/c/tree/sub/two': '2\n', '/c/tree/sub/deep er/three': '3\n' }
  await fromBareThenAgain(t, 'copy', { src: '/c/tree', dest: dir, mode: '0600' }, 6, files)
  t.equal(await readFile(join(dir, 'tree/sub/deep er/three'), 'utf8'), '3\n')
  await writeFile(join(dir, 'tree/one'), 'other\n')
  const again = await converge('copy', { src: '/c/tree', dest: dir, mode: '0600' }, files)
  t.match(again.plan, { changes: [{ kind: 'put', path: join(dir, 'tree/one') }] })
  await fromBareThenAgain(t, 'copy', { src: '/c/tree/', dest: join(dir, 'flat') }, 5, files)
  t.equal(await readFile(join(dir, 'flat/sub/two'), 'utf8'), '2\n')
})

t.test('copy: on the host', async t => {
  const dir = t.testdir({ from: { a: 'A\n', sub: { b: 'B\n' } }, 'one.conf': 'x\n' })
  await fromBareThenAgain(
    t,
    'copy',
    { src: join(dir, 'one.conf'), dest: join(dir, 'two.conf'), remote_src: true, mode: '0600' },
    1,
  )
  t.equal(await mode(join(dir, 'two.conf')), '600')
  await fromBareThenAgain(t, 'copy', { src: join(dir, 'from'), dest: join(dir, 'to'), remote_src: true }, 1)
  t.equal(await readFile(join(dir, 'to/from/sub/b'), 'utf8'), 'B\n')
  const missing = { src: join(dir, 'nothing'), dest: join(dir, 'x'), remote_src: true }
  t.equal(done(await converge('copy', missing)), `file ${dir}/nothing`)
})

t.test('template', async t => {
  const dir = t.testdir({})
  const files = { '/c/motd.j2': 'Hello {{ name }}\n' }
  await fromBareThenAgain(t, 'template', { src: '/c/motd.j2', dest: join(dir, 'motd') }, 1, files)
  t.equal(await readFile(join(dir, 'motd'), 'utf8'), 'Hello kim\n')
})

t.test('file: folders, links, touch, removal', async t => {
  const dir = t.testdir({ 'target.txt': 'x', full: { a: { b: 'x' } } })
  await fromBareThenAgain(t, 'file', { path: join(dir, 'a/b c/d'), state: 'directory', mode: '0750' }, 1)
  t.equal(await mode(join(dir, 'a/b c')), '750', 'folders on the way get the mode too')
  await chmod(join(dir, 'a/b c/d'), 0o700)
  t.equal(done(await converge('file', { path: join(dir, 'a/b c/d'), state: 'directory', mode: 'u=rwx,g=rx,o=' })), 1)

  const linked = { path: join(dir, 'link'), src: 'target.txt', state: 'link' }
  await fromBareThenAgain(t, 'file', linked, 1)
  t.equal(await readlink(join(dir, 'link')), 'target.txt')
  await fromBareThenAgain(t, 'file', { ...linked, src: join(dir, 'full') }, 1)
  t.equal(done(await converge('file', { ...linked, src: 'missing' })), 'file missing')
  await fromBareThenAgain(t, 'file', { ...linked, src: 'missing', force: true }, 1)
  t.equal(
    done(await converge('file', { path: join(dir, 'full'), src: 'target.txt', state: 'link', force: true })),
    'not-empty',
  )
  t.equal(done(await converge('file', { path: join(dir, 'target.txt'), src: 'full', state: 'link' })), 'in-the-way')
  await fromBareThenAgain(t, 'file', { path: join(dir, 'hard'), src: join(dir, 'target.txt'), state: 'hard' }, 1)
  t.equal((await stat(join(dir, 'hard'))).nlink, 2)

  const touch = { path: join(dir, 'touched'), state: 'touch', access_time: 'preserve', modification_time: 'preserve' }
  await fromBareThenAgain(t, 'file', touch, 1)
  t.equal(done(await converge('file', { path: join(dir, 'touched'), state: 'touch' })), 1, 'touched each time')

  await fromBareThenAgain(
    t,
    'file',
    { path: join(dir, 'full'), mode: 'u=rwX,g=,o=', state: 'directory', recurse: true },
    3,
  )
  t.equal(await mode(join(dir, 'full/a/b')), '600')
  await fromBareThenAgain(t, 'file', { path: join(dir, 'full'), state: 'absent' }, 1)
  await fromBareThenAgain(t, 'file', { path: join(dir, 'link'), state: 'absent' }, 1)
  t.equal(done(await converge('file', { path: join(dir, 'nowhere'), mode: '0644' })), `file ${dir}/nowhere`)
})

t.test('file: owner and group', { skip: process.getuid?.() !== 0 && 'only root can give files away' }, async t => {
  const dir = t.testdir({ 'of.root': 'x' })
  await fromBareThenAgain(t, 'file', { path: join(dir, 'of.root'), owner: 'daemon', group: '1' }, 1)
  t.equal((await stat(join(dir, 'of.root'))).uid, 1)
  await fromBareThenAgain(t, 'copy', { content: 'y', dest: join(dir, 'new'), owner: 'daemon', mode: '4755' }, 1)
  t.equal(await mode(join(dir, 'new')), '4755', 'chown does not take the bits away')
})

t.test('lineinfile, blockinfile, replace', async t => {
  const dir = t.testdir({
    sshd: '#PasswordAuthentication yes\nUsePAM yes\n',
    fstab: '/dev/sda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n',
  })
  const line = { path: join(dir, 'sshd'), regexp: '^#?PasswordAuthentication\\b', line: 'PasswordAuthentication no' }
  await fromBareThenAgain(t, 'lineinfile', line, 1)
  t.equal(await readFile(join(dir, 'sshd'), 'utf8'), 'PasswordAuthentication no\nUsePAM yes\n')
  await fromBareThenAgain(t, 'lineinfile', { path: join(dir, 'made/here'), line: 'x', create: true, mode: '0600' }, 1)
  t.equal(await mode(join(dir, 'made/here')), '600')
  await fromBareThenAgain(
    t,
    'blockinfile',
    { path: join(dir, 'sshd'), block: 'Match User x\n  X11Forwarding no', marker: '# {mark} x' },
    1,
  )
  await fromBareThenAgain(t, 'blockinfile', { path: join(dir, 'sshd'), state: 'absent', marker: '# {mark} x' }, 1)
  t.equal(await readFile(join(dir, 'sshd'), 'utf8'), 'PasswordAuthentication no\nUsePAM yes\n')
  const swap = { path: join(dir, 'fstab'), regexp: '^([^#\\n]\\S*\\s+\\S+\\s+swap\\s.*)$', replace: '# \\1' }
  await fromBareThenAgain(t, 'replace', swap, 1)
  t.equal(await readFile(join(dir, 'fstab'), 'utf8'), '/dev/sda1 / ext4 defaults 0 1\n# /swapfile none swap sw 0 0\n')
  await writeFile(join(dir, 'binary'), Buffer.from([0, 1, 2]))
  t.equal(done(await converge('lineinfile', { path: join(dir, 'binary'), line: 'x' })), 'not-text')
  t.equal(done(await converge('replace', { path: join(dir, 'nothing'), regexp: 'x' })), `file ${dir}/nothing`)
})

t.test('stat and slurp', async t => {
  const dir = t.testdir({ f: 'hello\n' })
  await symlink('f', join(dir, 'l'))
  await link(join(dir, 'f'), join(dir, 'h'))
  const value = async (params: JsonObject): Promise<JsonObject> => {
    const { value } = await converge('stat', params)
    return (value as { stat: JsonObject }).stat
  }
  t.match(await value({ path: join(dir, 'f') }), {
    exists: true,
    isreg: true,
    size: 6,
    nlink: 2,
    checksum: 'f572d396fae9206628714fb2ce00f72e94f2258f',
    rusr: true,
    xoth: false,
    readable: true,
    mimetype: String,
  })
  t.match(await value({ path: join(dir, 'l') }), { islnk: true, lnk_target: 'f', lnk_source: join(dir, 'f') })
  t.match(await value({ path: join(dir, 'l'), follow: true }), { isreg: true })
  t.same(await value({ path: join(dir, 'none') }), { exists: false })
  t.same(await value({ path: join(dir, 'f/none') }), { exists: false }, 'a file on the way is no folder')
  t.match((await converge('slurp', { src: join(dir, 'f') })).value, { content: 'aGVsbG8K', encoding: 'base64' })
  t.equal(done(await converge('slurp', { src: join(dir, 'none') })), `file ${dir}/none`)
  t.match((await converge('slurp', { src: join(dir, 'l') })).value, { content: 'aGVsbG8K' })
})

t.test('stat and slurp tell where they looked', async t => {
  const dir = t.testdir({ f: 'hello\n' })
  await symlink('f', join(dir, 'l'))
  const atHome = new LocalHost(['/bin/sh'], { HOME: dir })
  const looked = async (name: string, given: JsonObject) => {
    const module = named(name)
    const params = paramsOf(module, given)
    return module.looks?.(params, await atHome.observe(module.probe(params, {})))
  }
  for (const [name, param] of [
    ['stat', 'path'],
    ['slurp', 'src'],
  ] as const) {
    t.strictSame(await looked(name, { [param]: '~/f' }), { at: [`${dir}/f`], absent: false })
    t.strictSame(
      await looked(name, { [param]: '~/l' }),
      { at: [`${dir}/l`, `${dir}/f`], absent: false },
      'and where a link leads',
    )
    t.strictSame(await looked(name, { [param]: '~/none' }), { at: [`${dir}/none/`], absent: true })
  }
  t.strictSame(await looked('stat', { path: '~/l', follow: true }), { at: [`${dir}/l`, `${dir}/f`], absent: false })
})

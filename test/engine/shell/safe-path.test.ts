import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import t, { type Test } from 'tap'
import type { PutOptions } from '../../../engine/core/module.js'
import { putScript } from '../../../engine/run/machine/atomic-write.js'
import { foldersScript, ownershipScript } from '../../../engine/shell/safe-change.js'
import { copyTreeScript } from '../../../engine/shell/safe-tree.js'

/** A number that nobody has: the user whose folder it is. */
const ops = 41_234

/** `/` holds root's folder and a user's one, with links of theirs to what is root's, and to what is their own. */
const scene = (t: Test): string => {
  const at = mkdtempSync('/var/lib/tkplay-safe-path-')
  t.teardown(() => rmSync(at, { recursive: true }))
  chmodSync(at, 0o755)
  for (const folder of ['root', 'home', 'home/releases', 'home/releases/42']) mkdirSync(`${at}/${folder}`)
  mkdirSync(`${at}/shared`)
  chmodSync(`${at}/shared`, 0o1777)
  writeFileSync(`${at}/root/victim`, 'secret\n', { mode: 0o600 })
  writeFileSync(`${at}/home/dotfile`, 'dot\n')
  const links = { current: 'releases/42', bad: `${at}/root`, badfile: `${at}/root/victim`, dotlink: 'dotfile' }
  for (const [name, to] of Object.entries(links)) symlinkSync(to, `${at}/home/${name}`)
  for (const name of ['', 'releases', 'releases/42', 'dotfile']) chownSync(`${at}/home/${name}`, ops, ops)
  for (const name of Object.keys(links)) lchownSync(`${at}/home/${name}`, ops, ops)
  symlinkSync(`${at}/home`, `${at}/root/by-root`)
  return at
}

const skip = process.getuid?.() === 0 ? false : 'only root can give files away'

/** What `setfacl -m u:ops:rwx` does, without it: the list is an extended attribute (acl(5)). */
const letIn = (folder: string): void => {
  const entries = '(1, 7, -1), (2, 7, int(sys.argv[2])), (4, 5, -1), (16, 7, -1), (32, 5, -1)'
  const script = `import os, struct, sys
acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in [${entries}])
os.setxattr(sys.argv[1], 'system.posix_acl_access', acl)`
  const { status, stderr } = spawnSync('python3', ['-c', script, folder, String(ops)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const shells: readonly (readonly [string, ...string[]])[] = [['dash'], ['busybox', 'ash'], ['bash', '--posix']]

for (const [shell, ...args] of shells) {
  const ran = (script: string, input = '') => {
    const { status, stderr, stdout } = spawnSync(shell, [...args, '-c', `( ${script}\n)`], { input, encoding: 'utf8' })
    return { status, stderr: stderr.trim(), stdout: stdout.trim() }
  }
  const put = (path: string, options: PutOptions = {}) => ran(putScript(path, options), 'new\n')
  const missing = spawnSync(shell, [...args, '-c', ':']).error !== undefined

  t.test(`${shell}: root writes in another user's folder`, { skip: skip || (missing && `no ${shell}`) }, async t => {
    const at = scene(t)
    for (const path of ['home/conf', 'home/current/conf', 'root/by-root/conf2', 'shared/conf', 'root/conf']) {
      t.match(put(`${at}/${path}`, { owner: String(ops), mode: 0o600 }), { status: 0, stderr: '' }, path)
      const { uid, mode } = statSync(`${at}/${path}`)
      t.same([uid, mode & 0o7777], [ops, 0o600], path)
      t.equal(readFileSync(`${at}/${path}`, 'utf8'), 'new\n')
    }
    t.match(put(`${at}/home/dotlink`, { follow: true }), { status: 0 })
    t.equal(readFileSync(`${at}/home/dotfile`, 'utf8'), 'new\n', 'a link of theirs to a file of theirs is followed')
    t.ok(lstatSync(`${at}/home/dotlink`).isSymbolicLink())
    const left = [...readdirSync(`${at}/home`), ...readdirSync(`${at}/shared`), ...readdirSync(`${at}/root`)]
    t.same(
      left.filter(name => name.startsWith('.tkplay')),
      [],
      'and nothing is left behind',
    )
  })

  t.test(`${shell}: root is not led away from it`, { skip: skip || (missing && `no ${shell}`) }, async t => {
    const at = scene(t)
    const { ctimeMs } = statSync(`${at}/root/victim`)
    const refused = { status: 77, stderr: /^tkplay: foreign path: / }
    t.match(put(`${at}/home/bad/victim`), refused, 'a folder of the way')
    t.match(put(`${at}/root/by-root/bad/victim`), refused, 'behind a link of root')
    t.match(put(`${at}/home/badfile`, { follow: true }), refused, 'the file itself')
    t.match(ran(ownershipScript(`${at}/home/badfile`, { owner: String(ops) }, true)), refused)
    t.match(ran(ownershipScript(`${at}/home/badfile`, { mode: 0o666 })), refused)
    t.match(ran(ownershipScript(`${at}/home/bad/victim`, { mode: 0o666 })), refused)
    t.match(ran(foldersScript(`${at}/home/bad/made`, { mode: 0o777 })), refused)
    t.equal(readFileSync(`${at}/root/victim`, 'utf8'), 'secret\n')
    t.equal(statSync(`${at}/root/victim`).ctimeMs, ctimeMs)
    t.match(put(`${at}/home/badfile`), { status: 0 }, 'a link that is not followed is replaced')
    t.equal(statSync(`${at}/home/badfile`).mode & 0o7777, 0o644, 'by a file of no mode that the link had')
  })

  t.test(`${shell}: backups, modes, folders`, { skip: skip || (missing && `no ${shell}`) }, async t => {
    const at = scene(t)
    for (const folder of ['root', 'home']) {
      const path = `${at}/${folder}/kept`
      put(path, { mode: 0o640, owner: String(ops) })
      const copies = [put(path, { backup: true }).stdout, put(path, { backup: true }).stdout]
      t.equal(new Set(copies).size, 2, 'each backup has a name of its own')
      for (const copy of copies) t.same([statSync(copy).uid, statSync(copy).mode & 0o7777], [ops, 0o640])
      chmodSync(path, 0o4755)
      t.match(put(path, { owner: '0' }), { status: 0 })
      t.equal(statSync(path).mode & 0o7777, 0o755, 'a program of another user does not become one of root')
    }
    symlinkSync('victim', `${at}/root/link`)
    t.match(put(`${at}/root/link`), { status: 0 })
    t.equal(lstatSync(`${at}/root/link`).mode & 0o7777, 0o600, 'the mode of what the link led to')
    t.match(put(`${at}/home/dotfile`, { was: '0'.repeat(64) }), { status: 76, stderr: /changed meanwhile/ })
    t.match(ran(foldersScript(`${at}/home/a/b`, { mode: 0o700, owner: String(ops) })), { status: 0, stderr: '' })
    t.same([statSync(`${at}/home/a/b`).uid, statSync(`${at}/home/a`).mode & 0o7777], [ops, 0o700])
    t.match(ran(ownershipScript(`${at}/home/a/b`, { mode: 0o750 })), { status: 0, stderr: '' })
    t.equal(statSync(`${at}/home/a/b`).mode & 0o7777, 0o750)
    t.match(put(`${at}/nowhere/conf`), { status: 1, stderr: `${at}/nowhere: No such file or directory` })
  })

  t.test(`${shell}: trees`, { skip: skip || (missing && `no ${shell}`) }, async t => {
    const at = scene(t)
    const names = ['plain', 'two\nlines', '-rf', '.hidden', '..odd', '*']
    for (const folder of ['from', 'from/sub', 'from/new', 'root/to', 'root/to/sub']) mkdirSync(`${at}/${folder}`)
    for (const name of names) {
      writeFileSync(`${at}/from/${name}`, name, { mode: 0o640 })
      writeFileSync(`${at}/from/sub/${name}`, name)
      writeFileSync(`${at}/from/new/${name}`, name)
    }
    symlinkSync('plain', `${at}/from/link`)
    chmodSync(`${at}/from/new`, 0o700)
    chownSync(`${at}/from/new`, ops, ops)
    writeFileSync(`${at}/root/to/sub/stays`, '')
    const same = (to: string): void => {
      for (const name of names)
        for (const folder of ['', 'sub/', 'new/']) t.equal(readFileSync(`${to}/${folder}${name}`, 'utf8'), name)
      t.equal(readlinkSync(`${to}/link`), 'plain')
      t.match(statSync(`${to}/new`), { uid: ops, mode: 0o40700 })
      t.match(statSync(`${to}/plain`), { mode: 0o100640, mtimeMs: statSync(`${at}/from/plain`).mtimeMs })
      t.notOk(readdirSync(to).some(name => name.startsWith('.tkplay')))
    }
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/root/to`)), { status: 0, stderr: '' })
    t.ok(existsSync(`${at}/root/to/sub/stays`))
    same(`${at}/root/to`)
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/root/is/new`)), { status: 0, stderr: '' })
    same(`${at}/root/is/new`)
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/home/copy`)), { status: 0, stderr: '' })
    same(`${at}/home/copy`)

    // What is there belongs to another user, who has put links in the places of files.
    chownSync(`${at}/root/to/sub`, ops, ops)
    rmSync(`${at}/root/to/sub/plain`)
    symlinkSync(`${at}/root/victim`, `${at}/root/to/sub/plain`)
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/root/to`)), { status: 0, stderr: '' })
    same(`${at}/root/to`)
    t.equal(readFileSync(`${at}/root/victim`, 'utf8'), 'secret\n')
    rmSync(`${at}/root/to/sub`, { recursive: true })
    symlinkSync(`${at}/root`, `${at}/root/to/sub`)
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/root/to`)), { status: 1, stderr: /cannot overwrite/ })
    t.same(readdirSync(`${at}/root`).sort(), ['by-root', 'is', 'to', 'victim'])

    // A pipe in a user's folder may be another file a moment later.
    execFileSync('mkfifo', [`${at}/from/new/pipe`])
    const special = { status: 77, stderr: `tkplay: special file: UNKNOWN: ${at}/from/new/pipe` }
    t.match(ran(copyTreeScript(`${at}/from`, `${at}/root/other`)), special)
    t.notOk(existsSync(`${at}/root/other`))
  })

  t.test(`${shell}: an access list`, { skip: skip || (missing && `no ${shell}`) }, async t => {
    const at = scene(t)
    mkdirSync(`${at}/listed`)
    letIn(`${at}/listed`)
    symlinkSync(`${at}/root`, `${at}/listed/bad`)
    lchownSync(`${at}/listed/bad`, ops, ops)
    t.match(put(`${at}/listed/bad/victim`), { status: 77, stderr: /^tkplay: foreign path: / }, 'lets others in')
    t.match(put(`${at}/listed/conf`), { status: 0 })
  })
}

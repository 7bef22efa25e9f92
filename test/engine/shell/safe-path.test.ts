import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import t, { type Test } from 'tap'
import type { PutOptions } from '../../../engine/core/module.js'
import { putScript } from '../../../engine/run/put.js'
import { foldersScript, ownershipScript } from '../../../engine/shell/safe-change.js'

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
}

import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { mountScript, rmdirScript, unmountScript } from '../../../../engine/modules/system/mount-at.js'

/** A number that nobody has: the user whose folder it is. */
const ops = 41_234

/** In a name space of its own, so that nothing stays mounted. Prints where the test's file systems are then. */
const ran = (at: string, ...scripts: readonly string[]) => {
  const all = [
    ...scripts.map(script => `( ${script}\n) || exit`),
    `awk '$5 ~ "^${at}" {print $5}' /proc/self/mountinfo`,
  ]
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', all.join('\n')], { encoding: 'utf8' })
  return { status, stderr: stderr.trim(), mounted: stdout.trim().replaceAll(at, '') }
}

const isRoot = process.getuid?.() === 0
t.test('mounting in folders of root and of others', { skip: isRoot ? false : 'only root mounts' }, async t => {
  const at = mkdtempSync('/var/lib/tkplay-mount-at-')
  t.teardown(() => rmSync(at, { recursive: true }))
  chmodSync(at, 0o755)
  for (const folder of ['root', 'root/place', 'home', 'home/place', 'home/sub', 'home/sub/place'])
    mkdirSync(`${at}/${folder}`)
  symlinkSync(`${at}/root`, `${at}/home/bad`)
  for (const folder of ['home', 'home/place', 'home/sub', 'home/sub/place']) chownSync(`${at}/${folder}`, ops, ops)
  lchownSync(`${at}/home/bad`, ops, ops)
  const tmpfs = ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs']
  const mount = (path: string): string =>
    mountScript(at + path, ['mount', ...tmpfs, at + path], ['mount', '-c', ...tmpfs])
  for (const path of ['/root/place', '/home/place', '/home/sub/place', '/home']) {
    t.match(ran(at, mount(path)), { status: 0, stderr: '', mounted: path })
    const remounted = mountScript(
      at + path,
      ['mount', '-o', 'remount,ro', at + path],
      ['mount', '-c', '-o', 'remount,ro'],
    )
    t.match(ran(at, mount(path), remounted, `! touch ${at}${path}/x 2>/dev/null`), {
      status: 0,
      stderr: '',
      mounted: path,
    })
    t.match(ran(at, mount(path), mount(path), unmountScript(at + path)), { status: 0, stderr: '', mounted: path })
    t.match(ran(at, mount(path), unmountScript(at + path)), { status: 0, stderr: '', mounted: '' })
  }
  const refused = { status: 77, stderr: /^tkplay: foreign path: / }
  t.match(ran(at, mount('/home/bad')), refused)
  t.match(ran(at, mount('/home/bad/place')), refused)
  t.match(ran(at, mount('/root/place'), unmountScript(`${at}/home/bad/place`)), refused)
  t.match(ran(at, rmdirScript(`${at}/home/bad/place`)), refused)
  t.match(ran(at, rmdirScript(`${at}/home/sub/place`)), { status: 0, stderr: '' })
})

import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import t from 'tap'
import type { Read } from '../../../../../engine/core/module.js'
import type { UserParams, UserSeen } from '../../../../../engine/modules/lib/user/account.js'
import { readUser } from '../../../../../engine/modules/lib/user/read.js'

const params = (more: Partial<UserParams>): UserParams => ({
  name: 'root',
  state: 'present',
  non_unique: false,
  append: false,
  create_home: true,
  move_home: false,
  system: false,
  update_password: 'always',
  remove: false,
  force: false,
  generate_ssh_key: false,
  ssh_key_type: 'ed25519',
  ...more,
})

/** Runs the read on this machine with a getent that answers from what was recorded. */
const observe = (p: UserParams, entries: { readonly [key: string]: string }): UserSeen => {
  const cases = Object.entries(entries).map(([key, line]) => `'${key}') echo '${line}' ;;`)
  const getent = `getent() { db=$1; shift; rc=0; for k in "$@"; do case "$db $k" in ${cases.join(' ')} *) rc=2 ;; esac; done; return $rc; }`
  const id = `id() { echo '${entries['id'] ?? ''}'; }`
  const { sh, parse } = readUser(p) as Read<UserSeen>
  const ran = spawnSync('/bin/sh', ['-c', `${getent}\n${id}\n${sh}`])
  return parse({ rc: ran.status ?? 255, stdout: ran.stdout, stderr: ran.stderr })
}

const hash = '$6$abc$def/gh.'

t.test('an account with its groups', async t => {
  t.same(
    observe(params({ name: 'u1', group: '50', groups: ['adm', 'none'] }), {
      'passwd u1': 'u1:x:1002:1002:U One:/:/bin/bash',
      'group u1': 'u1:x:1002:',
      'group 50': 'staff:x:50:',
      'group adm': 'adm:x:4:u1',
      id: 'u1 adm sudo',
    }),
    {
      account: { uid: 1002, gid: 1002, comment: 'U One', home: '/', shell: '/bin/bash' },
      groups: ['adm', 'sudo'],
      known: { u1: 1002, '1002': 1002, staff: 50, '50': 50, adm: 4, '4': 4 },
      home: true,
    },
  )
})

t.test('nobody of that name', async t => {
  t.same(observe(params({ name: 'u1' }), {}), { groups: [], known: {}, home: false })
})

t.test('the hash stays on the host', async t => {
  const entries = {
    'passwd u1': 'u1:x:1:1::/nowhere:/bin/sh',
    id: 'u1',
    'shadow u1': `u1:!!${hash}:20780:0:99999:7::22280:`,
  }
  const digest = createHash('sha256').update(hash).digest('hex')
  const seen = observe(params({ name: 'u1', password: hash }), entries)
  t.same(seen.shadow, { digest, locked: true, expires: 22280 })
  t.equal(seen.home, false)
  t.notMatch(
    (readUser(params({ name: 'u1', password: hash })) as Read<UserSeen>).sh,
    /def/,
    'nor does it stand in the read',
  )
})

t.test('an open password that never ends', async t => {
  const entries = { 'passwd u1': 'u1:x:1:1::/:/bin/sh', id: 'u1', 'shadow u1': 'u1:*:20780:0:99999:7:::' }
  t.same(observe(params({ name: 'u1', expires: -1 }), entries).shadow, {
    digest: createHash('sha256').update('*').digest('hex'),
    locked: false,
  })
})

t.test('what is not an answer is not observed', async t => {
  const { parse } = readUser(params({})) as Read<UserSeen>
  const raw = (stdout: string, rc = 0) => ({ rc, stdout: Buffer.from(stdout), stderr: Buffer.from('') })
  t.throws(() => parse(raw('', 1)))
  t.throws(() => parse(raw('root:x:0\0\0\0\0\0\0')), /form that is not known/)
})

t.test('whether the home directory can be moved', async t => {
  const dir = t.testdir({ there: {}, link: t.fixture('symlink', 'nowhere') })
  const passwd = { 'passwd u1': 'u1:x:1002:1002::/:/bin/sh', id: 'u1' }
  const target = (home: string, more: object = {}) => observe(params({ name: 'u1', home, ...more }), passwd).target
  t.equal(target(`${dir}/there`, { move_home: true }), 'taken')
  t.equal(target(`${dir}/link`, { move_home: true }), 'taken')
  t.equal(target(`${dir}/none`, { move_home: true }), undefined)
  t.equal(target(`${dir}/none/deeper`, { move_home: true }), 'no-parent')
  t.equal(target(`${dir}/there`), undefined, 'nobody asked')
})

import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import t from 'tap'
import type { Read } from '../../../../../engine/core/module.js'
import type { UserParams, UserSeen } from '../../../../../engine/modules/system/user/account.js'
import { readUser } from '../../../../../engine/modules/system/user/read.js'

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
      home: 'folder',
    },
  )
})

t.test('its groups by initgroups, where another user with the same number is in others', async t => {
  const entries = {
    'passwd u1': 'u1:x:1002:1002::/:/bin/sh',
    'initgroups u1': 'u1    1002 4 27',
    'group 1002': 'u1:x:1002:u1',
    'group 4': 'adm:x:4:u1',
    'group 27': 'sudo:x:27:u1',
    id: 'other u1 adm sudo',
  }
  t.same(observe(params({ name: 'u1', groups: [] }), entries).groups, ['adm', 'sudo'])
  t.same(observe(params({ name: 'u1', groups: [] }), { ...entries, 'initgroups u1': 'u1' }).groups, [])
})

t.test('nobody of that name', async t => {
  t.same(observe(params({ name: 'u1' }), {}), { groups: [], known: {}, home: 'absent' })
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
  t.equal(seen.home, 'absent')
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
  t.throws(() => parse(raw('root:x:0\0\0\0\0absent\0\0\0\0\0\0')), /form that is not known/)
})

t.test('what stands where the home directory is wanted, and what could move there', async t => {
  const dir = t.testdir({ there: {}, file: '', link: t.fixture('symlink', 'nowhere') })
  const passwd = { 'passwd u1': 'u1:x:1002:1002::/:/bin/sh', id: 'u1' }
  const place = (home: string, more: Partial<UserParams> = {}) => {
    const { home: found, movable, noParent, barred } = observe(params({ name: 'u1', home, ...more }), passwd)
    return { found, movable, noParent, barred }
  }
  const none = { movable: undefined, noParent: undefined, barred: undefined }
  t.same(place(`${dir}/there`), { ...none, found: 'folder' })
  t.same(place(`${dir}/file`), { ...none, found: 'other' })
  t.same(place(`${dir}/link`), { ...none, found: 'broken-link' })
  t.same(place(`${dir}/none`), { ...none, found: 'absent' })
  t.same(place(`${dir}/none`, { move_home: true }), { ...none, found: 'absent', movable: true })
  t.same(place(`${dir}/none/deeper`), { ...none, found: 'absent', noParent: true })
  t.same(place(`${dir}/file/deeper`), { ...none, found: 'absent', barred: `${dir}/file` })
  t.same(place('/', { move_home: true }), { ...none, found: 'folder' }, 'it is there already')
})

t.test('a key is looked for where it will be', async t => {
  const dir = t.testdir({ old: { '.ssh': { id_ed25519: '' } }, new: {}, file: '' })
  const passwd = { 'passwd u1': `u1:x:1002:1002::${dir}/old:/bin/sh`, id: 'u1' }
  const key = (more: Partial<UserParams>) => observe(params({ name: 'u1', generate_ssh_key: true, ...more }), passwd)
  t.equal(key({}).key, true)
  t.equal(key({ home: `${dir}/new` }).key, false)
  t.equal(key({ home: `${dir}/newer`, move_home: true }).key, true, 'it comes along')
  t.equal(key({ ssh_key_file: `${dir}/old/.ssh/id_ed25519`, home: `${dir}/new` }).key, true)
  t.equal(key({ ssh_key_file: `${dir}/file/key` }).barred, `${dir}/file`)
})

t.test('who has the wanted number', async t => {
  const entries = {
    'passwd u1': 'u1:x:1002:1002::/:/bin/sh',
    'passwd 1002': 'u1:x:1002:1002::/:/bin/sh',
    'passwd 33': 'www-data:x:33:33::/:/bin/sh',
    id: 'u1',
  }
  t.equal(observe(params({ name: 'u1', uid: 33 }), entries).uidOf, 'www-data')
  t.equal(observe(params({ name: 'u1', uid: 1002 }), entries).uidOf, undefined)
  t.equal(observe(params({ name: 'u1', uid: 1003 }), entries).uidOf, undefined)
  t.equal(observe(params({ name: 'u1', uid: 33, non_unique: true }), entries).uidOf, undefined)
})

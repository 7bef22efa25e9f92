import fc from 'fast-check'
import type { Family } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally } from './paths.js'

const hash = '$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.'

interface Account {
  readonly uid: number
  readonly gid: number
  readonly comment: string
  readonly home: string
  readonly password: string
  readonly expires: string
  readonly groups: readonly string[]
}

const homes = ['/home/kim', '/srv/kim at home', '/home/é', '/srv/file'] as const

const account: fc.Arbitrary<Account> = fc.record({
  uid: fc.constantFrom(1000, 500),
  gid: fc.constantFrom(1000, 50),
  comment: fc.constantFrom('', 'Kim', 'é, room 1'),
  home: fc.constantFrom(...homes),
  password: fc.constantFrom('!', '*', hash, `!${hash}`, ''),
  expires: fc.constantFrom('', '20000'),
  groups: fc.subarray(['docker', 'adm']),
})

/** The tables as shadow-utils write them, other people's lines around. */
const tables = (kim: Account | undefined, hasHome: boolean): readonly Entry[] => {
  const members = (group: string): string => (kim?.groups.includes(group) === true ? 'foreign,kim' : 'foreign')
  const own = kim === undefined ? [] : [kim]
  return [
    file(
      '/etc/passwd',
      [
        'root:x:0:0:root:/root:/bin/sh',
        ...own.map(one => `kim:x:${one.uid}:${one.gid}:${one.comment}:${one.home}:/bin/sh`),
        'foreign:x:1001:1001::/home/foreign:/bin/sh',
        '',
      ].join('\n'),
    ),
    file(
      '/etc/shadow',
      [
        'root:*:19000:0:99999:7:::',
        ...own.map(one => `kim:${one.password}:19000:0:99999:7::${one.expires}:`),
        'foreign:*:19000:0:99999:7:::',
        '',
      ].join('\n'),
      { mode: 0o640 },
    ),
    file(
      '/etc/group',
      [
        'root:x:0:',
        ...own.map(() => 'kim:x:1000:'),
        'staff:x:50:',
        'foreign:x:1001:',
        `docker:x:998:${members('docker')}`,
        `adm:x:4:${members('adm')}`,
        '',
      ].join('\n'),
    ),
    file(
      '/etc/gshadow',
      [
        'root:*::',
        ...own.map(() => 'kim:!::'),
        'staff:!::',
        'foreign:!::',
        `docker:!::${members('docker')}`,
        `adm:!::${members('adm')}`,
        '',
      ].join('\n'),
      { mode: 0o640 },
    ),
    file('/etc/skel/.profile', 'export A=1\n'),
    ...(hasHome && kim !== undefined
      ? [
          { kind: 'folder' as const, path: kim.home, uid: kim.uid },
          file(`${kim.home}/notes`, 'mine\n', { uid: kim.uid }),
        ]
      : []),
  ]
}

const people = fc
  .tuple(fc.option(account, { nil: undefined }), fc.boolean())
  .map(([kim, hasHome]) => tables(kim, hasHome && kim?.home !== '/srv/file'))

const key = (home: string): readonly Entry[] => [
  { kind: 'folder', path: `${home}/.ssh`, mode: 0o700, uid: 1000 },
  file(`${home}/.ssh/id_ed25519`, 'a key\n', { mode: 0o600, uid: 1000 }),
]

/** Where a home may be wanted, or a key: something, or nothing. */
const besides = fc
  .subarray<readonly Entry[]>([
    [{ kind: 'folder', path: '/srv/taken' }],
    [file('/srv/file', 'foreign\n')],
    [{ kind: 'link', path: '/srv/nowhere', to: '/srv/none' }],
    [{ kind: 'folder', path: '/home' }],
    key('/home/kim'),
    key('/srv/taken'),
    [{ kind: 'folder', path: '/etc/skel.guest' }, file('/etc/skel.guest/.hello', 'hello\n')],
  ])
  .map(entries => entries.flat())

const users = optionally({
  state: fc.constantFrom('present', 'present', 'present', 'absent'),
  uid: fc.constantFrom(1000, 1500, 1001, 500),
  non_unique: fc.boolean(),
  group: fc.constantFrom('staff', '50', 'docker', 'kim', 'none-such'),
  groups: fc.subarray(['docker', 'adm', '998', 'staff', 'kim']),
  append: fc.boolean(),
  comment: fc.constantFrom('', 'Kim', 'é\\, room 1'),
  home: fc.constantFrom(...homes, '/srv/taken', '/srv/file', '/srv/file/below', '/srv/nowhere', '/srv/new/folder'),
  create_home: fc.boolean(),
  move_home: fc.boolean(),
  skeleton: fc.constantFrom('/etc/skel.guest', '/etc/skel'),
  shell: fc.constantFrom('/bin/sh', '/bin/bash'),
  system: fc.boolean(),
  password: fc.constantFrom(hash, '!', '*', '', `!${hash}`, 'not a hash'),
  update_password: fc.constantFrom('always', 'on_create'),
  password_lock: fc.boolean(),
  expires: fc.constantFrom(-1, 0, 1_728_000_000, 1_924_992_000.5),
  remove: fc.boolean(),
  force: fc.boolean(),
  generate_ssh_key: fc.boolean(),
  ssh_key_type: fc.constantFrom('ed25519', 'ecdsa'),
  ssh_key_file: fc.constantFrom('.ssh/id_ed25519', 'key', '/srv/keys/kim', '/srv/file/key'),
  ssh_key_comment: fc.constantFrom('it is "$x"', ''),
})

export const accounts: Family = {
  user: fc
    .tuple(people, besides, fc.record({ name: fc.constantFrom('kim', 'kim', 'new') }), users)
    .map(([tables, entries, named, more]) => ({
      world: [...tables, ...entries],
      tasks: [{ module: 'user', params: { ...named, ...more } }],
    })),
  group: fc
    .tuple(
      people,
      fc.record({ name: fc.constantFrom('docker', 'kim', 'staff', 'new') }),
      optionally({
        state: fc.constantFrom('present', 'absent'),
        gid: fc.constantFrom(998, 3000, 1001),
        non_unique: fc.boolean(),
        system: fc.boolean(),
        force: fc.boolean(),
      }),
    )
    .map(([world, named, more]) => ({ world, tasks: [{ module: 'group', params: { ...named, ...more } }] })),
}

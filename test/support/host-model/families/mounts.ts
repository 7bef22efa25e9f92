import fc from 'fast-check'
import { edited } from '../foreign.js'
import type { Family } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally } from './paths.js'

const places = [
  '/mnt/a',
  '/mnt/b c',
  '/mnt/link',
  '/mnt/back\\slash',
  '/mnt/new/folder',
  '/srv/file',
  '/srv/file/x',
] as const

const world: readonly Entry[] = [
  { kind: 'folder', path: '/mnt/a' },
  { kind: 'folder', path: '/mnt/b c' },
  { kind: 'link', path: '/mnt/link', to: 'a' },
  { kind: 'folder', path: '/mnt/full' },
  file('/mnt/full/foreign', 'foreign\n'),
  file('/srv/source/notes', 'mine\n'),
  file('/srv/file', 'foreign\n'),
  file('/srv/other', 'other\n'),
]

/** What may be mounted before, one on the other too. */
const before = fc
  .subarray([
    'mount -t tmpfs tmpfs /mnt/a',
    'mount -t tmpfs -o ro tk2 /mnt/a',
    "mount -t tmpfs tk2 '/mnt/b c'",
    "mount --bind /srv/source '/mnt/b c'",
    'mount --bind /srv/other /srv/file',
    'mkdir -p /mnt/new/folder; mount -t tmpfs tk2 /mnt/new/folder',
  ])
  .map(lines => lines.join('\n'))

const tables = [
  undefined,
  '',
  '# foreign\nUUID=1 none swap sw 0 0\n/dev/foreign\t/ ext4 defaults 0 1',
  'tmpfs /mnt/a/ tmpfs defaults 0 0\n# foreign\n/srv/source /mnt/b\\040c none bind 0 0\n',
  'tk2 /mnt/link tmpfs ro 0 0\ntk2\t/mnt/new//folder  tmpfs\n\n# foreign\n',
  'foreign /mnt/a tmpfs noauto 0 0\ntmpfs /mnt/a tmpfs defaults 0 0\n/swapfile swap swap defaults\n',
] as const

const table = (path: string): fc.Arbitrary<readonly Entry[]> =>
  fc.oneof(
    fc.constantFrom(...tables).map(text => (text === undefined ? [] : [file(path, text)])),
    edited(path, {
      own: [
        'tmpfs /mnt/a/ tmpfs defaults 0 0',
        '/srv/source /mnt/b\\040c none bind 0 0',
        '/swapfile swap swap defaults',
      ],
      others: ['/dev/foreign\t/foreign ext4 defaults 0 1', 'foreign\u00a0/mnt/a tmpfs defaults 0 0'],
    }),
  )

/** A source, its kind, and options that it knows. */
const sources = fc.oneof(
  fc.record({
    src: fc.constantFrom('tmpfs', 'tk2'),
    fstype: fc.constant('tmpfs'),
    opts: fc.constantFrom('defaults', 'ro', 'size=1m,mode=0700', 'noexec'),
  }),
  fc.record({
    src: fc.constantFrom('/srv/source', '/srv/other', '/srv/none'),
    fstype: fc.constant('none'),
    opts: fc.constantFrom('bind', 'rbind,noatime', 'bind,ro'),
  }),
  fc.constant({ src: '/dev/none', fstype: 'ext4', opts: 'noatime' }),
)

const states = fc.constantFrom(
  'absent',
  'absent_from_fstab',
  'ephemeral',
  'mounted',
  'mounted',
  'present',
  'remounted',
  'unmounted',
)

/** What lies beneath a mount nobody sees before it is unmounted: no folder with something in it is mounted on. */
const asked = fc
  .tuple(
    fc.constantFrom(...places, '/mnt/full', '/mnt/a/', 'none', 'swap'),
    states,
    fc.oneof(sources, fc.constant({})),
    optionally({
      dump: fc.constantFrom('0', '1'),
      passno: fc.constantFrom('0', '2'),
      fstab: fc.constantFrom('/etc/fstab', '/etc/other table', '/etc'),
      boot: fc.boolean(),
      backup: fc.boolean(),
    }),
  )
  .filter(([, state, source]) => 'src' in source || !['mounted', 'present', 'ephemeral'].includes(state))
  .map(([path, state, source, more]) => ({ path, state, ...source, ...more }))

export const mounts: Family = {
  mount: fc
    .tuple(table('/etc/fstab'), table('/etc/other table'), before, asked)
    .map(([fstab, other, mounted, params]) => ({
      world: [...world, ...fstab, ...other],
      before: mounted,
      tasks: [{ module: 'mount', params }],
      repeats: params.state === 'remounted',
    })),
}

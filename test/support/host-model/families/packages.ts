import fc from 'fast-check'
import type { JsonObject } from '../../../../engine/core/json.js'
import { edited } from '../foreign.js'
import type { Family, Situation } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally } from './paths.js'

interface Installed {
  readonly name: string
  readonly want: string
  readonly status: string
}

/** dpkg's own list of what is installed: dpkg itself reads and writes it. */
const dpkgList = (packages: readonly Installed[]): readonly Entry[] => [
  file(
    '/var/lib/dpkg/status',
    packages
      .map(
        ({ name, want, status }) => `Package: ${name}
Status: ${want} ok ${status}
Maintainer: Foreign <foreign@example.com>
Architecture: all
Version: 1.0-1
Description: foreign
`,
      )
      .join('\n'),
  ),
  file('/var/lib/dpkg/available', ''),
  { kind: 'folder', path: '/var/lib/dpkg/updates' },
  { kind: 'folder', path: '/var/lib/dpkg/info' },
  { kind: 'folder', path: '/var/lib/dpkg/triggers' },
]

const wants = ['install', 'hold', 'deinstall', 'purge'] as const

const installed = (name: string): fc.Arbitrary<readonly Installed[]> =>
  fc.oneof(
    fc.constant([]),
    fc
      .record({
        name: fc.constant(name),
        want: fc.constantFrom(...wants),
        status: fc.constantFrom('installed', 'config-files'),
      })
      .map(one => [one]),
  )

const selections: fc.Arbitrary<Situation> = fc
  .tuple(
    fc.tuple(installed('kubelet'), installed('kubeadm')).map(all => dpkgList(all.flat())),
    fc.record({
      name: fc.subarray(['kubelet', 'kubeadm', 'none-such', 'kubelet:all'], { minLength: 1 }),
      selection: fc.constantFrom(...wants),
    }),
  )
  .map(([world, params]) => ({ world, tasks: [{ module: 'dpkg_selections', params }] }))

const line = 'deb http://example.com/debian stable main'
const kubernetes = 'deb [signed-by=/etc/apt/keyrings/k.asc] https://pkgs.example.com/v1.34/deb/ /'

const armored = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEZ0AAARYJKwYBBAHaRw8BAQdA
-----END PGP PUBLIC KEY BLOCK-----
`

const lists = [line, `${line} contrib`, kubernetes, `# ${line}`]

const keys = fc.constantFrom<readonly Entry[]>(
  [],
  [file('/etc/apt/keyrings/k.asc', armored)],
  [file('/etc/apt/keyrings/k.asc', 'another\n', { mode: 0o600 })],
)

/** Fetching the lists of packages takes a server. */
const oneLine: fc.Arbitrary<Situation> = fc
  .tuple(
    edited('/etc/apt/sources.list', { own: lists }),
    edited('/etc/apt/sources.list.d/other.list', { own: lists }),
    edited('/etc/apt/sources.list.d/mine.list', { own: lists }),
    keys,
    fc.record({ repo: fc.constantFrom(line, kubernetes, `deb-src  http://example.com/debian/ stable main `) }),
    optionally({
      state: fc.constantFrom('present', 'absent'),
      filename: fc.constantFrom('mine', 'new'),
      mode: fc.constantFrom('0600', '0644'),
      key: fc.constant(armored),
    }),
  )
  .map(([main, other, mine, key, named, more]) => ({
    world: [...main, ...other, ...mine, ...key],
    tasks: [{ module: 'apt_repository', params: { ...named, ...more, update_cache: false } as JsonObject }],
  }))

const deb822: fc.Arbitrary<Situation> = fc
  .tuple(
    fc.constantFrom<readonly Entry[]>(
      [],
      [file('/etc/apt/sources.list.d/k8s.sources', 'Types: deb\nURIs: http://example.com\n')],
    ),
    fc.record({ name: fc.constantFrom('k8s', 'K8s ') }),
    optionally({
      state: fc.constantFrom('present', 'absent'),
      types: fc.constantFrom('deb', ['deb', 'deb-src']),
      uris: fc.constant('https://pkgs.example.com/deb/'),
      suites: fc.constantFrom('/', 'stable'),
      components: fc.constant('main'),
      enabled: fc.boolean(),
      mode: fc.constantFrom('0600', '0644'),
      signed_by: fc.constantFrom(armored, '/etc/apt/keyrings/k.asc'),
    }),
  )
  .map(([world, named, more]) => ({
    world,
    tasks: [{ module: 'deb822_repository', params: { ...named, ...more } as JsonObject }],
  }))

export const packages: Family = {
  dpkg_selections: selections,
  apt_repository: oneLine,
  deb822_repository: deb822,
}

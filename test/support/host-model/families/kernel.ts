import fc from 'fast-check'
import type { Family, Situation } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally } from './paths.js'

const each = (
  module: string,
  world: fc.Arbitrary<readonly Entry[]>,
  params: fc.Arbitrary<object>,
): fc.Arbitrary<Situation> =>
  fc.tuple(world, params).map(([there, given]) => ({ world: there, tasks: [{ module, params: given as never }] }))

const both = (a: fc.Arbitrary<object>, b: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(a, b).map(([one, other]) => ({ ...one, ...other }))

/** Some of these. */
const some = (...entries: readonly Entry[]): fc.Arbitrary<readonly Entry[]> => fc.subarray([...entries])

const joined = (...parts: readonly fc.Arbitrary<readonly Entry[]>[]): fc.Arbitrary<readonly Entry[]> =>
  fc.tuple(...parts).map(all => all.flat())

const hostname = each(
  'hostname',
  joined(
    fc
      .constantFrom(undefined, '', 'old\n', '# foreign\n\nnode1', 'node1\n')
      .map(text => (text === undefined ? [] : [file('/etc/hostname', text)])),
    fc.constantFrom('model\n', 'node1\n').map(text => [file('/proc/sys/kernel/hostname', text)]),
  ),
  fc.record({ name: fc.constantFrom('node1', 'n-1.example.com') }),
)

const selinux = each(
  'selinux',
  joined(
    some({ kind: 'folder', path: '/etc/selinux/targeted' }),
    fc
      .constantFrom(
        undefined,
        '# foreign\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
        'SELINUX = permissive',
        '# SELINUX=disabled\n',
      )
      .map(text => (text === undefined ? [] : [file('/etc/selinux/config', text)])),
    fc
      .constantFrom(undefined, '0', '1')
      .map(text => (text === undefined ? [] : [file('/sys/fs/selinux/enforce', text)])),
  ),
  both(
    fc.record({ state: fc.constantFrom('enforcing', 'permissive', 'disabled') }),
    optionally({
      policy: fc.constantFrom('targeted', 'mls'),
      configfile: fc.constantFrom('/etc/selinux/config', '/etc/sysconfig/selinux'),
    }),
  ),
)

export const kernel: Family = { hostname, selinux }

import fc from 'fast-check'
import { edited } from '../foreign.js'
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

const settings = '/etc/sysctl.d/99-tkplay.conf'

const sysctl = each(
  'sysctl',
  joined(
    fc.constant([
      file('/proc/sys/net/ipv4/ip_forward', '0\n'),
      file('/proc/sys/net/ipv4/ip_local_port_range', '32768\t60999\n'),
      file('/proc/sys/net/ipv4/conf/eth0.1/forwarding', '1\n'),
    ]),
    edited(settings, {
      own: [
        'net.ipv4.ip_forward=0',
        '-net.ipv4.ip_forward = 1',
        'net/ipv4/ip_forward = 1',
        'net.ipv4.ip_local_port_range = 1024   65000',
      ],
      others: ['foreign.x = 1', '-net.ipv4.foreign=1', ';'],
    }),
  ),
  both(
    fc.record({
      name: fc.constantFrom(
        'net.ipv4.ip_forward',
        'net/ipv4/ip_forward',
        'net.ipv4.ip_local_port_range',
        'net.ipv4.conf.eth0/1.forwarding',
        'net.ipv4.none_such',
      ),
      value: fc.constantFrom(1, '0', true, '1024 65000', '1024\t65000'),
    }),
    optionally({
      state: fc.constantFrom('present', 'absent'),
      reload: fc.boolean(),
      sysctl_set: fc.boolean(),
      ignoreerrors: fc.boolean(),
      sysctl_file: fc.constantFrom(settings, '/etc/sysctl.conf', '/etc/new folder/x.conf'),
    }),
  ),
)

const modprobe = each(
  'modprobe',
  joined(
    some(
      file('/sys/module/dummy/initstate', 'live\n'),
      file('/sys/module/snd_usb/parameters', ''),
      file('/etc/modules-load.d/two\nlines.conf', 'snd-usb\n'),
    ),
    ...['/etc/modules', '/etc/modules-load.d/dummy.conf', '/etc/modules-load.d/x.conf'].map(path =>
      edited(path, { own: ['dummy', 'snd-usb'], others: ['foreign'] }),
    ),
    edited('/etc/modprobe.d/dummy.conf', {
      own: ['options dummy numdummies=1', 'options dummy numdummies=1 \\\n x=y'],
      others: ['blacklist dummy', 'options foreign x=1', 'install dummy /bin/true'],
    }),
  ),
  both(
    fc.record({ name: fc.constantFrom('dummy', 'snd-usb', 'snd_usb') }),
    optionally({
      state: fc.constantFrom('present', 'absent'),
      persistent: fc.constantFrom('disabled', 'present', 'absent'),
      params: fc.constantFrom('', 'numdummies=2'),
    }),
  ),
)

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
    edited('/etc/selinux/config', {
      own: ['SELINUX=enforcing', 'SELINUX = permissive', 'SELINUXTYPE=targeted'],
      others: ['# SELINUX=disabled', 'SETLOCALDEFS=0'],
    }),
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

const swaps = 'Filename\tType\tSize\tUsed\tPriority\n'

const swap = each(
  'swap',
  joined(
    fc
      .subarray([
        '/swapfile                               file\t\t1024\t0\t-2\n',
        '/srv/swap\\040file                      file\t\t1024\t0\t-3\n',
        '/dev/zram0                              partition\t1024\t0\t100\n',
      ])
      .map(lines => [file('/proc/swaps', swaps + lines.join(''))]),
    edited('/etc/fstab', {
      own: ['UUID=1 none swap sw 0 0', '/swapfile\tswap\tswap\tdefaults'],
      others: ['/dev/foreign / ext4 defaults 0 1', '# /swapfile none swap sw 0 0', '/dev/swap /swap ext4 swap 0 0'],
    }),
    fc.subarray<Entry>([
      { kind: 'link', path: '/etc/systemd/system/multi-user.target.wants/zramswap.service', to: '/usr/lib/x' },
      { kind: 'link', path: '/etc/systemd/system/swap.target', to: '/dev/null' },
    ]),
  ),
  fc.constantFrom({}, { state: 'off' }, { state: false }),
)

export const kernel: Family = { sysctl, modprobe, hostname, selinux, swap }

import type { JsonObject } from '../core/json.js'
import { type Answer, assignments } from './answer.js'

/** `ID` of os-release → Ansible's `ansible_distribution`. */
const names: { readonly [id: string]: string } = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  amzn: 'Amazon',
  arch: 'Archlinux',
  centos: 'CentOS',
  debian: 'Debian',
  fedora: 'Fedora',
  flatcar: 'Flatcar',
  gentoo: 'Gentoo',
  kali: 'Kali',
  linuxmint: 'Linux Mint',
  ol: 'OracleLinux',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  pop: 'Pop!_OS',
  raspbian: 'Debian',
  rhel: 'RedHat',
  rocky: 'Rocky',
  sles: 'SLES',
  ubuntu: 'Ubuntu',
}

const families: { readonly [id: string]: string } = {
  alpine: 'Alpine',
  amzn: 'RedHat',
  arch: 'Archlinux',
  debian: 'Debian',
  fedora: 'RedHat',
  gentoo: 'Gentoo',
  rhel: 'RedHat',
  suse: 'Suse',
  ubuntu: 'Debian',
  centos: 'RedHat',
  flatcar: 'Flatcar',
}

/** Facts about the distribution, with Ansible's names and values. Source: /etc/os-release. */
export const distribution = (answer: Answer): JsonObject => {
  const release = assignments(answer.lines('/etc/os-release'))
  const id = release.get('ID') ?? ''
  const version = versionOf(answer, id, release.get('VERSION_ID') ?? '')
  const [major = 'NA', minor] = version.split('.')
  return {
    distribution: names[id] ?? release.get('NAME')?.split(' ')[0] ?? 'OtherLinux',
    distribution_version: version === '' ? 'NA' : version,
    distribution_major_version: major || 'NA',
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: codename(id, release),
    distribution_file_path: '/etc/os-release',
    distribution_file_variety: names[id] ?? 'NA',
    distribution_file_parsed: release.size > 0,
    os_family: familyOf(id, (release.get('ID_LIKE') ?? '').split(' ')) ?? names[id] ?? 'NA',
  }
}

/** Debian and Alpine have the point release in a file of their own, RHEL and its rebuilds in os-release. */
const versionOf = (answer: Answer, id: string, version: string): string => {
  if (id === 'debian') return /^\d+(\.\d+)*$/.exec(answer.line('/etc/debian_version') ?? '')?.[0] ?? version
  if (id === 'alpine') return answer.line('/etc/alpine-release') ?? version
  return version
}

const codename = (id: string, release: ReadonlyMap<string, string>): string => {
  const named = release.get('VERSION_CODENAME') || release.get('UBUNTU_CODENAME')
  if (named) return named
  if (id === 'centos' && /Stream/.test(release.get('NAME') ?? '')) return 'Stream'
  return /\(([^)]+)\)/.exec(release.get('VERSION') ?? '')?.[1] ?? 'NA'
}

const familyOf = (id: string, like: readonly string[]): string | undefined =>
  [id, ...like].map(one => families[one]).find(family => family !== undefined)

export const lsb = (answer: Answer): JsonObject => {
  const release = assignments(answer.lines('/etc/os-release'))
  const lsbRelease = assignments(answer.lines('/etc/lsb-release'))
  const number = lsbRelease.get('DISTRIB_RELEASE') ?? release.get('VERSION_ID')
  if (number === undefined) return {}
  return {
    id: lsbRelease.get('DISTRIB_ID') ?? names[release.get('ID') ?? ''] ?? release.get('NAME') ?? '',
    release: number,
    major_release: number.split('.')[0] ?? '',
    codename: lsbRelease.get('DISTRIB_CODENAME') ?? release.get('VERSION_CODENAME') ?? '',
    description: lsbRelease.get('DISTRIB_DESCRIPTION') ?? release.get('PRETTY_NAME') ?? '',
  }
}

import type { JsonObject } from '../../../core/json.js'
import { bool, int, list, oneOf, str } from '../../support/schema.js'

export interface AptParams {
  readonly name?: readonly string[]
  readonly deb?: string
  readonly state: 'present' | 'latest' | 'absent' | 'fixed'
  readonly update_cache: boolean
  readonly cache_valid_time?: number
  readonly update_cache_retries: number
  readonly upgrade: Upgrade | boolean
  readonly install_recommends?: boolean
  readonly only_upgrade: boolean
  readonly default_release?: string
  readonly allow_downgrade: boolean
  readonly allow_change_held_packages: boolean
  readonly allow_unauthenticated: boolean
  readonly force: boolean
  readonly purge: boolean
  readonly autoremove: boolean
  readonly fail_on_autoremove: boolean
  readonly autoclean: boolean
  readonly clean: boolean
  readonly dpkg_options: string
  readonly lock_timeout: number
  readonly policy_rc_d?: number
}

export const aptProperties: JsonObject = {
  name: list('Packages: `name`, `name=version`, `name=1.34.*`, `name:arch`.', {
    items: {
      type: 'string',
      pattern: '^(\\*|[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?(=[A-Za-z0-9.+~:*?\\[\\]-]+)?)$',
      title: 'package (name, name=version, name=1.34.*, name:arch)',
    },
    aliases: ['package', 'pkg'],
    examples: [['containerd', 'kubelet=1.34.4-*']],
  }),
  deb: str('A .deb file: a path on the host, or a URL whose last part is `name_version_arch.deb`.', {
    pattern: '\\.deb$',
  }),
  state: oneOf('`fixed` mends an interrupted installation.', ['present', 'latest', 'absent', 'fixed'], 'present'),
  update_cache: bool('Fetch the package lists first, where something is to be installed.', false, {
    aliases: ['update-cache'],
  }),
  cache_valid_time: int('Lists younger than this many seconds, and younger than the sources, are not fetched again.', {
    minimum: 0,
  }),
  update_cache_retries: int('How often a list is tried again.', { minimum: 0, default: 5 }),
  upgrade: {
    // YAML reads a bare yes as true.
    enum: ['no', 'yes', 'safe', 'full', 'dist', true, false],
    default: 'no',
    description: 'Upgrade all packages: `safe` (`yes`) removes none, `full` (`dist`) may.',
  },
  install_recommends: bool('Whether recommended packages come along; the host’s own setting by default.', undefined, {
    aliases: ['install-recommends'],
  }),
  only_upgrade: bool('Leave packages alone that are not installed.', false),
  default_release: str('Take packages from this release where several have them.', {
    aliases: ['default-release'],
    pattern: '^[\\w.*~+-]+$',
  }),
  allow_downgrade: bool('An older version may take the place of a newer one.', false, {
    aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
  }),
  allow_change_held_packages: bool('Change packages that are held.', false),
  allow_unauthenticated: bool('Install what no key vouches for.', false, { aliases: ['allow-unauthenticated'] }),
  force: bool('Downgrades, packages without signature, and essential packages too.', false),
  purge: bool('With `absent`, remove the configuration files too.', false),
  autoremove: bool('Remove packages that were installed for others and are not needed any more.', false),
  fail_on_autoremove: bool('Fail rather than remove a package.', false),
  autoclean: bool('Remove downloaded files that can no longer be downloaded.', false),
  clean: bool('Remove all downloaded files.', false),
  dpkg_options: str('Options of dpkg, without dashes, separated by commas.', {
    default: 'force-confdef,force-confold',
    pattern: '^[\\w-]+(,[\\w-]+)*$|^$',
  }),
  lock_timeout: int('Seconds to wait for another program that installs packages.', { minimum: 0, default: 60 }),
  policy_rc_d: int('What policy-rc.d answers meanwhile: 101 keeps services from starting.', {
    minimum: 0,
    maximum: 255,
  }),
  force_apt_get: bool('Ansible’s; no effect: it is always apt-get.', false),
  auto_install_module_deps: bool('Ansible’s; no effect: no Python is needed.', true),
  update_cache_retry_max_delay: int('Ansible’s; no effect: apt waits between its tries as it sees fit.', {
    minimum: 0,
  }),
}

/** A path on the host or a URL. */
export const debIsUrl = (deb: string): boolean => /^[a-z]+:\/\//.test(deb)

export type Upgrade = 'no' | 'yes' | 'safe' | 'full' | 'dist'

/** `name: "*"` with `state: latest` is the older way of asking for it. */
export const upgradeOf = (p: AptParams): Upgrade => {
  if (p.upgrade === true || (!asksUpgrade(p) && p.state === 'latest' && p.name?.includes('*') === true)) return 'yes'
  return p.upgrade === false ? 'no' : p.upgrade
}

const asksUpgrade = (p: AptParams): boolean => p.upgrade !== 'no' && p.upgrade !== false

/** The entries of `name` that are packages. */
export const packageNames = (p: AptParams): readonly string[] => (p.name ?? []).filter(name => name !== '*')

/**
 * The names for `gather_subset` beside `all` and `min`: Ansible's collectors, each with the facts that are aliases of
 * its name.
 */
const collectors = {
  apparmor: [],
  caps: ['system_capabilities', 'system_capabilities_enforced'],
  chroot: ['is_chroot'],
  cmdline: [],
  date_time: [],
  distribution: ['distribution_major_version', 'distribution_release', 'distribution_version', 'os_family'],
  dns: [],
  env: [],
  facter: [],
  fibre_channel_wwn: [],
  fips: [],
  hardware: ['devices', 'mounts', 'processor', 'processor_cores', 'processor_count'],
  iscsi: [],
  loadavg: [],
  local: [],
  lsb: [],
  network: ['all_ipv4_addresses', 'all_ipv6_addresses', 'default_ipv4', 'default_ipv6', 'interfaces'],
  nvme: [],
  ohai: [],
  pkg_mgr: [],
  platform: ['architecture', 'kernel', 'kernel_version', 'machine', 'machine_id', 'python_version', 'system'],
  python: [],
  selinux: [],
  service_mgr: [],
  ssh_pub_keys: [
    'ssh_host_key_dsa_public',
    'ssh_host_key_ecdsa_public',
    'ssh_host_key_ed25519_public',
    'ssh_host_key_rsa_public',
    'ssh_host_pub_keys',
  ],
  systemd: [],
  user: [
    'effective_group_ids',
    'effective_user_id',
    'real_user_id',
    'user_dir',
    'user_gecos',
    'user_gid',
    'user_id',
    'user_shell',
    'user_uid',
  ],
  virtual: ['virtualization_role', 'virtualization_tech_guest', 'virtualization_tech_host', 'virtualization_type'],
} satisfies { readonly [collector: string]: readonly string[] }

export type Collector = keyof typeof collectors

/** The collectors of `min`, which are included without `!min`. */
const minimum: readonly string[] = [
  'apparmor',
  'caps',
  'cmdline',
  'date_time',
  'distribution',
  'dns',
  'env',
  'fips',
  'local',
  'lsb',
  'pkg_mgr',
  'platform',
  'python',
  'selinux',
  'service_mgr',
  'ssh_pub_keys',
  'user',
]

/** The collectors that another collector requires; they are included even where they are excluded by name. */
const requires: { readonly [collector: string]: readonly string[] } = {
  hardware: ['platform'],
  network: ['distribution', 'platform'],
  pkg_mgr: ['distribution'],
  service_mgr: ['distribution', 'platform'],
}

const aliases = new Map<string, readonly string[]>(Object.entries(collectors))
const names: readonly string[] = [...aliases].flat(2)
const sets: readonly string[] = ['all', 'min', ...aliases.keys(), ...names]

export const subsetNames: readonly string[] = [...new Set([...sets, ...sets.map(name => `!${name}`)])]

/**
 * The collectors that `gather_subset` selects, by the rules of ansible/module_utils/facts/collector.py: the minimum and
 * those that are named, without those that are excluded and not named, and with all that these require.
 */
export const collectorsOf = (subsets: readonly string[]): ReadonlySet<Collector> => {
  const wanted = new Set(minimum)
  const named = new Set<string>()
  const excluded = new Set<string>()
  for (const subset of subsets.length === 0 ? ['all'] : subsets) {
    if (subset.startsWith('!')) for (const name of excludedBy(subset.slice(1))) excluded.add(name)
    else if (subset === 'all') for (const name of names) wanted.add(name)
    else if (subset !== 'min') named.add(subset)
  }
  const left = new Set([...[...wanted].filter(name => !excluded.has(name)), ...named])
  const isLeft = (name: string): boolean => left.has(name) || aliases.get(name)?.some(alias => left.has(alias)) === true
  const chosen = Object.keys(collectors).filter(isLeft)
  const all = new Set([...chosen, ...chosen.flatMap(name => requires[name] ?? [])])
  return new Set((Object.keys(collectors) as Collector[]).filter(name => all.has(name)))
}

const excludedBy = (name: string): readonly string[] => {
  if (name === 'min') return minimum
  if (name === 'all') return names.filter(one => !minimum.includes(one))
  return [name, ...(aliases.get(name) ?? [])]
}

/** What the programs read: the same hosts, login and host keys for each, in its own words. Pure texts. */

export interface Target {
  readonly name: string
  readonly address: string
  readonly port: number
}

/** The hosts of an item, and who logs in to them. */
export interface Fleet {
  readonly targets: readonly Target[]
  readonly user: string
  readonly key: string
  readonly knownHosts: string
}

/** For Ansible and tkplay, which read the same: INI, as most inventories are. */
export const inventoryText = ({ targets, user, key, knownHosts }: Fleet): string => {
  const hosts = targets.map(({ name, address, port }) => `${name} ansible_host=${address} ansible_port=${port}`)
  const vars = {
    ansible_user: user,
    ansible_ssh_private_key_file: key,
    tkplay_known_hosts: knownHosts,
    // Ansible need not look for it.
    ansible_python_interpreter: '/usr/bin/python3',
  }
  const shared = Object.entries(vars).map(([name, value]) => `${name}=${value}`)
  return [...hosts, '', '[all:vars]', ...shared, ''].join('\n')
}

/** Python, in which JSON without true, false and null means the same. */
export const pyinfraInventoryText = ({ targets, user, key, knownHosts }: Fleet): string => {
  const shared = { ssh_user: user, ssh_key: key, ssh_known_hosts_file: knownHosts, ssh_strict_host_key_checking: 'yes' }
  const hosts = targets.map(({ name, address, port }) => [name, { ssh_hostname: address, ssh_port: port, ...shared }])
  return `hosts = [tuple(host) for host in ${JSON.stringify(hosts, null, 1)}]\n`
}

/** ssh's arguments are Ansible's defaults, and `sshOptions`. @param strategies Mitogen's plugins, where it is to be used */
export const ansibleConfigText = (fleet: Fleet, controlFolder: string, strategies?: string): string => `[defaults]
host_key_checking = True
deprecation_warnings = False
${strategies === undefined ? '' : `strategy = mitogen_linear\nstrategy_plugins = ${strategies}\n`}
[ssh_connection]
pipelining = True
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s ${sshOptions(fleet).join(' ')}
control_path_dir = ${controlFolder}
`

/** For OpenSSH: host keys are checked, and ~/.ssh/config, which not all the others would read, is not read. */
export const sshOptions = ({ knownHosts }: Pick<Fleet, 'knownHosts'>): readonly string[] => [
  '-F',
  '/dev/null',
  '-o',
  `UserKnownHostsFile=${knownHosts}`,
  '-o',
  'StrictHostKeyChecking=yes',
]

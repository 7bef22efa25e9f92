/** The configurations of the programs: the same hosts, login and host keys for each. Pure functions. */

export interface Target {
  readonly name: string
  readonly address: string
  readonly port: number
}

/** The hosts of an item, and the login. */
export interface Fleet {
  readonly targets: readonly Target[]
  readonly user: string
  readonly key: string
  readonly knownHosts: string
}

/** The INI inventory for Ansible and tkplay. */
export const inventoryText = ({ targets, user, key, knownHosts }: Fleet): string => {
  const hosts = targets.map(({ name, address, port }) => `${name} ansible_host=${address} ansible_port=${port}`)
  const vars = {
    ansible_user: user,
    ansible_ssh_private_key_file: key,
    tkplay_known_hosts: knownHosts,
    // So that Ansible does not search for it.
    ansible_python_interpreter: '/usr/bin/python3',
  }
  const shared = Object.entries(vars).map(([name, value]) => `${name}=${value}`)
  return [...hosts, '', '[all:vars]', ...shared, ''].join('\n')
}

/** Python; JSON without true, false and null means the same there. */
export const pyinfraInventoryText = ({ targets, user, key, knownHosts }: Fleet): string => {
  const shared = { ssh_user: user, ssh_key: key, ssh_known_hosts_file: knownHosts, ssh_strict_host_key_checking: 'yes' }
  const hosts = targets.map(({ name, address, port }) => [name, { ssh_hostname: address, ssh_port: port, ...shared }])
  return `hosts = [tuple(host) for host in ${JSON.stringify(hosts, null, 1)}]\n`
}

/** The ssh arguments are Ansible's defaults, and `sshOptions`. @param strategies Mitogen's plugins, where it is used */
export const ansibleConfigText = (fleet: Fleet, controlFolder: string, strategies?: string): string => `[defaults]
host_key_checking = True
deprecation_warnings = False
${strategies === undefined ? '' : `strategy = mitogen_linear\nstrategy_plugins = ${strategies}\n`}
[ssh_connection]
pipelining = True
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s ${sshOptions(fleet).join(' ')}
control_path_dir = ${controlFolder}
`

/** OpenSSH options: host keys are checked, and ~/.ssh/config is not read, since not all of the programs read it. */
export const sshOptions = ({ knownHosts }: Pick<Fleet, 'knownHosts'>): readonly string[] => [
  '-F',
  '/dev/null',
  '-o',
  `UserKnownHostsFile=${knownHosts}`,
  '-o',
  'StrictHostKeyChecking=yes',
]

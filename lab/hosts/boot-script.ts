import { bridgeName, cgroupName, machineName, netnsName, vethName } from '../state/names.js'
import type { HostPaths } from '../state/paths.js'
import type { HostState } from '../state/state.js'

export interface Machine {
  readonly lab: string
  readonly host: HostState
  readonly paths: HostPaths
  readonly bits: number
  readonly gateway: string
}

/** systemd-nspawn's exit code when the system inside rebooted and --keep-unit leaves it to others to start it again. */
export const REBOOTED = 133

/**
 * One boot of a host: a new network namespace, as a real reboot loses addresses, sysctls and packet filters, and the
 * system in it. Where systemd runs this machine, it has made cgroups in its own hierarchies.
 */
export const bootScript = (machine: Machine, hasSystemd: boolean): string => {
  const { lab, host, paths, bits, gateway } = machine
  const veth = vethName(lab, host.number)
  const netns = netnsName(lab, host.name)
  return `#!/bin/sh
# One boot of ${host.name} in the lab «${lab}»
set -e
ip link delete ${veth} 2>/dev/null || true
ip netns delete ${netns} 2>/dev/null || true
ip netns add ${netns}
ip link add ${veth} type veth peer name eth0 address ${host.mac} netns ${netns}
ip link set ${veth} master ${bridgeName(lab)} up
ip -n ${netns} address add ${host.address}/${bits} dev eth0
ip -n ${netns} link set lo up
ip -n ${netns} link set eth0 up
ip -n ${netns} route add default via ${gateway}
${enterCgroups(cgroupName(lab, host.name), hasSystemd)}
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=yes SYSTEMD_NSPAWN_TMPFS_TMP=0
exec ${nspawn(machine).map(quote).join(' ')} >>${quote(paths.console)} 2>&1 </dev/null
`
}

/** Boots a host for as long as it reboots. Ends when it is powered off or \`halt\` exists. */
export const superviseScript = ({ paths }: Machine): string => `#!/bin/sh
while [ ! -e ${quote(paths.halt)} ]; do
  ${quote(paths.boot)}
  [ $? -eq ${REBOOTED} ] || exit 0
done
`

/** Each flag is there because the host does not start, or containers in it do not, without it. */
const nspawn = ({ lab, host, paths }: Machine): readonly string[] => [
  'systemd-nspawn',
  '--quiet',
  '--boot',
  '--register=no',
  '--keep-unit',
  '--link-journal=no',
  '--resolv-conf=off',
  '--timezone=off',
  '--capability=all',
  '--system-call-filter=@known',
  `--machine=${machineName(lab, host.name)}`,
  `--hostname=${host.name}`,
  `--uuid=${host.machineId}`,
  `--directory=${paths.root}`,
  `--network-namespace-path=/run/netns/${netnsName(lab, host.name)}`,
  '--bind=/dev/kmsg',
  ...Object.entries(paths.bound).map(([inside, outside]) => `--bind=${outside}:${inside}`),
]

/**
 * A cgroup of its own in every hierarchy becomes the root of the host's cgroup namespace. Without it all hosts would share
 * /kubepods, and each kubelet would end the others' pods as orphans. What an earlier boot left in it is removed.
 */
const enterCgroups = (name: string, hasSystemd: boolean): string => `
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then hierarchies=${hasSystemd ? '' : '/sys/fs/cgroup'}; else hierarchies=$(echo /sys/fs/cgroup/*); fi
for h in $hierarchies; do
  [ -w "$h/cgroup.procs" ] || continue
${hasSystemd ? '  case $h in */systemd | */unified) continue ;; esac\n' : ''}  [ ! -d "$h/${name}" ] || find "$h/${name}" -mindepth 1 -depth -type d -exec rmdir {} +
  mkdir -p "$h/${name}"
  for f in cpuset.cpus cpuset.mems; do
    if [ -e "$h/$f" ]; then cat "$h/$f" > "$h/${name}/$f"; fi
  done
  if [ -e "$h/cgroup.controllers" ]; then
    for c in $(cat "$h/cgroup.controllers"); do echo "+$c" > "$h/cgroup.subtree_control" || true; done
  fi
  echo $$ > "$h/${name}/cgroup.procs"
done`

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

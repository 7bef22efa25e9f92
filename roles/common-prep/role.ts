import { isIP } from 'node:net'
import { defineRole, type RoleNode, type RoleStep, step, type View } from '../../engine/core/role.js'
import { clockFindings } from '../shared/clocks.js'
import {
  askedControlPlane,
  endpointAddress,
  endpointName,
  fact,
  isControlPlane,
  machineId,
  nodeAddress,
  nodeName,
  nodes,
} from '../shared/cluster.js'
import { duplicateFindings, groupFindings, machineFindings } from '../shared/preflight.js'
import { parameters } from '../shared/properties.js'
import { isNotThere, look, whereThere } from '../shared/registers.js'
import { firewallOpen } from './firewall.js'
import { type Params, properties } from './params.js'

/** Sorted after the files of other programs, such as 99-sysctl.conf: the last file wins at boot. */
const sysctlFile = '/etc/sysctl.d/zz-kubernetes.conf'
const sysctls = ['net.ipv4.ip_forward', 'net.bridge.bridge-nf-call-iptables', 'net.bridge.bridge-nf-call-ip6tables']

/** Makes a machine fit for kubeadm: swap, SELinux, firewall, kernel modules, sysctls, names. Seed: «사전 준비». */
export default defineRole<Params>({
  name: 'common-prep',
  doc: 'Makes a machine fit for kubeadm: swap, SELinux, firewall, kernel modules, sysctls, names.',
  params: parameters(properties),
  steps: (p, view) => [
    step('free to become a node', 'kube_preflight', freedom(p, view)),
    ...nameIsFree(view),
    ...looks,
    ...(p.swap === 'off' ? swapOff : []),
    ...selinux(p, view),
    ...firewall(p, view),
    ...['overlay', 'br_netfilter'].map(name =>
      step(`kernel module ${name}`, 'modprobe', { name, persistent: 'present' }),
    ),
    ...sysctls.map(name => step(name, 'sysctl', { name, value: '1', sysctl_file: sysctlFile, last_at_boot: true })),
    ...ufwSysctls,
    ...(p.hosts_file ? [step('names of all hosts', 'blockinfile', hostsBlock(p, view))] : []),
    ...networkManager,
  ],
  handlers: () => [step('reload NetworkManager', 'systemd', { name: 'NetworkManager', state: 'reloaded' })],
  preflight: (p, view) => [
    ...groupFindings(view),
    ...machineFindings(p.kubeadm_ignore_preflight_errors, view),
    ...duplicateFindings(view),
    ...clockFindings(view),
  ],
})

/**
 * The ports of the control plane's static pods, the kubelet and kube-proxy. Source: kubernetes.io, «Ports and
 * Protocols».
 */
const controlPlanePorts = [6443, 2379, 2380, 10257, 10259]
const nodePorts = [10250, 10256]
const cniConfigs = { calico: '10-calico.conflist', flannel: '10-flannel.conflist', none: '' } as const

const freedom = (p: Params, view: View) => {
  const name = endpointName(p.control_plane_endpoint)
  const inHosts = p.hosts_file && (endpointAddress(p, view) !== undefined || name in p.extra_hosts)
  return {
    ports: [...(isControlPlane(view) ? controlPlanePorts : []), ...nodePorts],
    cni_config: cniConfigs[p.cni],
    names: isIP(name) !== 0 || inHosts ? [] : [name],
    ignore_preflight_errors: p.kubeadm_ignore_preflight_errors,
  }
}

/**
 * Checks that no other machine has this Node's name: one that -l left out, or that is no longer in the inventory.
 * Checked before anything is installed, and only on a machine that is to join; on an existing node kubeadm_join checks
 * it.
 */
const nameIsFree = (view: View): readonly RoleStep[] => {
  const asked = askedControlPlane(view)
  if (isControlPlane(view) || asked === undefined) return []
  return [
    look('is a node already', '/etc/kubernetes/kubelet.conf', 'kubelet_conf'),
    step(
      'no other machine of the cluster has its name',
      'kube_node',
      {
        name: nodeName(view.host),
        state: 'free',
        machine_id: machineId(view.host),
        address: nodeAddress(view.host) ?? '',
      },
      { delegateTo: asked.name, when: isNotThere('kubelet_conf') },
    ),
  ]
}

/** The lines of fstab are kept behind a mark, so that the role reset can restore them. */
const swapOff: readonly RoleStep[] = [
  step('swap off after a reboot', 'replace', {
    path: '/etc/fstab',
    regexp: String.raw`^([^#\s]\S*\s+\S+\s+swap\s.*)$`,
    replace: String.raw`#tkplay# \1`,
  }),
  step('swap off now', 'swap', { state: 'off' }),
]

const selinux = (p: Params, view: View): readonly RoleStep[] => {
  if (p.selinux === 'keep' || fact(view.host, 'selinux', 'status') !== 'enabled') return []
  return [step(`SELinux ${p.selinux}`, 'selinux', { state: p.selinux, policy: 'targeted' })]
}

/** These reads come before all changes: after stopping a firewall a dry run would not know any more what exists. */
const looks: readonly RoleStep[] = [
  look('has ufw sysctls of its own', '/etc/ufw/sysctl.conf', 'ufw_sysctls'),
  look('is NetworkManager here', '/etc/NetworkManager/conf.d', 'network_manager'),
]

const services = ['ufw', 'firewalld'] as const

/** A missing unit counts as off. */
const firewall = (p: Params, view: View): readonly RoleNode[] => {
  switch (p.firewall) {
    case 'keep':
      return []
    case 'disable':
      return services.map(name => step(`${name} off`, 'systemd', { name, state: 'stopped', enabled: false }))
    case 'open':
      return [firewallOpen(p, view)]
  }
}

/** ufw sets its own sysctls at each start, after those of sysctl.d. */
const ufwSysctls: readonly RoleStep[] = [
  whereThere('ufw_sysctls', "bridged traffic in ufw's sysctls", 'blockinfile', {
    path: '/etc/ufw/sysctl.conf',
    marker: '# {mark} tkplay',
    block: ['ip6tables', 'iptables', 'arptables'].map(name => `net/bridge/bridge-nf-call-${name}=1`).join('\n'),
  }),
]

/** Keeps NetworkManager from managing the pod network's interfaces. */
const networkManager: readonly RoleStep[] = [
  whereThere(
    'network_manager',
    "NetworkManager leaves the pod network's links alone",
    'copy',
    {
      dest: '/etc/NetworkManager/conf.d/calico.conf',
      content:
        '[keyfile]\nunmanaged-devices=interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:flannel*;interface-name:cni0\n',
      mode: '0644',
    },
    { notify: ['reload NetworkManager'] },
  ),
]

const hostsBlock = (p: Params, view: View) => {
  const lines = nodes(view).flatMap(host => {
    const address = nodeAddress(host)
    const names = [...new Set([nodeName(host), host.name])]
    return address === undefined ? [] : [`${address} ${names.join(' ')}`]
  })
  const endpoint = endpointAddress(p, view)
  const more = Object.entries(p.extra_hosts).map(([name, address]) => `${address} ${name}`)
  return {
    path: '/etc/hosts',
    marker: '# {mark} tkplay',
    block: [
      ...lines,
      ...(endpoint === undefined ? [] : [`${endpoint} ${endpointName(p.control_plane_endpoint)}`]),
      ...more,
    ].join('\n'),
  }
}

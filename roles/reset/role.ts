import { computed, type Expr } from '../../engine/core/expr.js'
import type { JsonSchema } from '../../engine/core/json.js'
import { defineRole, type Finding, type RoleStep, step, type View } from '../../engine/core/role.js'
import { controlPlanes, isControlPlane, machineId, nodeAddress, nodeName, workers } from '../shared/cluster.js'
import { parameters, shared } from '../shared/properties.js'
import { exists, isNotThere, isThere, look } from '../shared/registers.js'

interface Params {
  readonly kubectl_users: readonly string[]
  readonly reset_packages: boolean
  readonly reset_containerd: boolean
  readonly reset_host_settings: boolean
  readonly reset_drain: boolean
  readonly reset_drain_timeout: number
  readonly node_name: string
}

const properties = {
  kubectl_users: shared.kubectl_users,
  reset_packages: {
    type: 'boolean',
    default: true,
    description: 'Remove kubeadm, kubelet and kubectl, their repository and their hold.',
  },
  reset_containerd: {
    type: 'boolean',
    default: true,
    description: 'Remove containerd with its images; false where it serves others too.',
  },
  reset_host_settings: {
    type: 'boolean',
    default: true,
    description: 'Take back what common-prep set: swap in fstab, sysctls, kernel modules at boot, names in /etc/hosts.',
  },
  reset_drain: {
    type: 'boolean',
    default: false,
    description:
      'Before a worker is reset, move its pods to other Nodes, and delete its Node. For workers that leave a cluster that stays.',
  },
  reset_drain_timeout: { type: 'integer', default: 300, description: 'Seconds that the pods have to be gone.' },
  node_name: shared.node_name,
} satisfies { readonly [name in keyof Params]: JsonSchema }

const absent = (path: string): RoleStep => step(`no ${path}`, 'file', { path, state: 'absent' })

/** Restores the machine. Seed: «Kubernetes 초기화». */
export default defineRole<Params>({
  name: 'reset',
  doc: 'Takes a machine out of its cluster, and takes back what the other roles brought.',
  params: parameters(properties),
  steps: (p, view) => [
    ...(isControlPlane(view) ? [] : leaving(p, view)),
    // Before the package is removed, which would leave the link behind that enables the unit.
    step('kubelet off', 'systemd', { name: 'kubelet', state: 'stopped', enabled: false }),
    step('no cluster here any more', 'kubeadm_reset', { kubectl_users: p.kubectl_users }),
    ...(p.reset_packages ? packages(view) : []),
    ...(p.reset_containerd ? containerd(view) : []),
    ...(p.reset_host_settings ? hostSettings : []),
    ...(isControlPlane(view) || p.reset_drain ? [] : nodeStays(view)),
  ],
  preflight: (p, view) => (p.reset_drain && !isControlPlane(view) ? drainFindings(view) : []),
})

const node = 'reset_kubelet_conf'

/**
 * Reads whether the machine is a node, before the files are removed. With reset_drain, moves its pods away and deletes
 * its Node first.
 */
const leaving = (p: Params, view: View): readonly RoleStep[] => {
  const [first] = controlPlanes(view)
  const gone = (name: string, drain: boolean, when: Expr): RoleStep =>
    step(
      name,
      'kube_node',
      {
        name: nodeName(view.host),
        state: 'absent',
        drain,
        timeout: p.reset_drain_timeout,
        machine_id: machineId(view.host),
        address: nodeAddress(view.host) ?? '',
      },
      // One host after the other: pods must not be moved to a host that is drained next.
      { when, ...(drain ? { throttle: 1 } : {}), ...(first === undefined ? {} : { delegateTo: first.name }) },
    )
  return [
    look('is a node', '/etc/kubernetes/kubelet.conf', node),
    ...(p.reset_drain
      ? [
          gone('its pods and its Node leave the cluster', true, isThere(node)),
          // Without a kubelet nothing can end its pods, so they are not drained.
          gone('its Node leaves the cluster', false, isNotThere(node)),
        ]
      : []),
  ]
}

/** Tells that the Node stays. Only with --limit: otherwise the whole cluster is removed. */
const nodeStays = (view: View): readonly RoleStep[] => {
  const name = nodeName(view.host)
  return [
    step(
      'its Node stays in the cluster',
      'debug',
      {
        msg: `the Node ${name} is still in the cluster, and for up to a minute its pods are still sent requests: \`kubectl delete node ${name}\`, or the next time \`-e reset_drain=true\`, which moves the pods away and deletes the Node first`,
      },
      { when: computed(['ansible_limit', node], ([limit, found]) => limit !== undefined && exists(found)) },
    ),
  ]
}

const drainFindings = (view: View): readonly Finding[] => {
  const error = (what: string, remedy: string): Finding => ({ level: 'error', host: view.host.name, what, remedy })
  if (controlPlanes(view).length === 0)
    return [
      error(
        'reset_drain asks a control plane, and the group control_plane is empty',
        'put the control plane into that group of the inventory, or leave reset_drain out',
      ),
    ]
  if (workers(view).every(host => host.inPlay))
    return [
      error(
        'reset_drain moves its pods to other workers, and no worker of the cluster stays',
        'name those that leave with -l, or leave reset_drain out: then the cluster ends with its pods',
      ),
    ]
  return []
}

const isRpm = (view: View): boolean => view.facts['os_family'] === 'RedHat'

const removed = (name: string, packages: readonly string[], view: View): RoleStep =>
  isRpm(view)
    ? step(name, 'package', { name: [...packages], state: 'absent' })
    : step(name, 'apt', { name: [...packages], state: 'absent', purge: true, allow_change_held_packages: true })

const packages = (view: View): readonly RoleStep[] => [
  removed('no packages of Kubernetes', ['kubelet', 'kubeadm', 'kubectl', 'kubernetes-cni', 'cri-tools'], view),
  ...(isRpm(view)
    ? [absent('/etc/yum.repos.d/kubernetes.repo')]
    : [
        absent('/etc/apt/sources.list.d/kubernetes.list'),
        absent('/etc/apt/keyrings/kubernetes-apt-keyring.asc'),
        // A later install would still use the index of a removed source.
        step('no index of its repository', 'shell', {
          cmd: 'rm -f /var/lib/apt/lists/*core:_stable:_v1.*',
          removes: '/var/lib/apt/lists/*core:_stable:_v1.*',
        }),
      ]),
  ...[
    '/etc/bash_completion.d/kubectl',
    '/etc/bash_completion.d/kubeadm',
    '/usr/local/share/zsh/site-functions/_kubectl',
    '/usr/local/share/zsh/site-functions/_kubeadm',
    '/etc/crictl.yaml',
    '/etc/kubernetes',
    '/opt/cni',
  ].map(absent),
]

const containerd = (view: View): readonly RoleStep[] => [
  removed('no containerd', isRpm(view) ? ['containerd.io'] : ['containerd', 'containerd.io', 'runc'], view),
  ...['/etc/containerd', '/opt/containerd'].map(absent),
  absent('/etc/systemd/system/containerd.service.d/http-proxy.conf'),
  // podman uses this folder too.
  step('no empty CNI folder', 'shell', {
    cmd: 'rmdir /etc/cni/net.d /etc/cni',
    unless: '[ ! -d /etc/cni/net.d ] || [ -n "$(ls -A /etc/cni/net.d)" ]',
  }),
  // Emptied, not removed, since it is often a mount point.
  step('no images', 'shell', {
    cmd: 'find /var/lib/containerd -xdev -mindepth 1 -delete',
    removes: '/var/lib/containerd/io.containerd.*',
  }),
]

const hostSettings: readonly RoleStep[] = [
  step('swap is back in fstab', 'replace', { path: '/etc/fstab', regexp: '^#tkplay# (.*)$', replace: String.raw`\1` }),
  step('swap by systemd again', 'systemd', { name: 'swap.target', masked: false }),
  ...['overlay', 'br_netfilter'].map(name => absent(`/etc/modules-load.d/${name}.conf`)),
  absent('/etc/sysctl.d/zz-kubernetes.conf'),
  step('no names of the cluster', 'blockinfile', { path: '/etc/hosts', marker: '# {mark} tkplay', state: 'absent' }),
  absent('/etc/NetworkManager/conf.d/calico.conf'),
]

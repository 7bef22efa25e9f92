import type { JsonSchema } from '../../engine/core/json.js'
import { defineRole, type RoleStep, step, type View } from '../../engine/core/role.js'
import { parameters, shared } from '../shared/properties.js'

interface Params {
  readonly kubectl_users: readonly string[]
  readonly reset_packages: boolean
  readonly reset_containerd: boolean
  readonly reset_host_settings: boolean
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
} satisfies { readonly [name in keyof Params]: JsonSchema }

const absent = (path: string): RoleStep => step(`no ${path}`, 'file', { path, state: 'absent' })

/** A machine as it was before. Seed: «Kubernetes 초기화». */
export default defineRole<Params>({
  name: 'reset',
  doc: 'Takes a machine out of its cluster, and takes back what the other roles brought.',
  params: parameters(properties),
  steps: (p, view) => [
    // While its unit is still there: a package that goes leaves the link behind by which it starts at boot.
    step('kubelet off', 'systemd', { name: 'kubelet', state: 'stopped', enabled: false }),
    step('no cluster here any more', 'kubeadm_reset', { kubectl_users: p.kubectl_users }),
    ...(p.reset_packages ? packages(view) : []),
    ...(p.reset_containerd ? containerd(view) : []),
    ...(p.reset_host_settings ? hostSettings : []),
  ],
})

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
        // The index of a source that is gone would be found by the next install.
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
  // podman shares it.
  step('no empty CNI folder', 'shell', {
    cmd: 'rmdir /etc/cni/net.d /etc/cni',
    unless: '[ ! -d /etc/cni/net.d ] || [ -n "$(ls -A /etc/cni/net.d)" ]',
  }),
  // Emptied, not removed: it is often a file system of its own.
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

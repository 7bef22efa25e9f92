import { defineRole, type RoleStep, step, type View } from '../../engine/core/role.js'
import { parseVersion } from '../../engine/modules/kube/host/version.js'
import { proxyEnvironment } from '../shared/cluster.js'
import { versionFindings } from '../shared/preflight.js'
import { parameters } from '../shared/properties.js'
import { type Params, properties } from './params.js'

const pinned = ['kubelet', 'kubeadm', 'kubectl']
/** kubeadm's packages do not depend on crictl any more (from 1.32), and kube-proxy needs conntrack. */
const beside = ['cri-tools', 'kubernetes-cni']
const debianTools = ['conntrack', 'ethtool', 'iptables', 'socat']

/** kubeadm, kubelet and kubectl of one version, held at it. Seed: «kubeadm, kubelet, kubectl 설치». */
export default defineRole<Params>({
  name: 'kube-packages',
  doc: 'kubeadm, kubelet and kubectl of one version, held at it.',
  params: parameters(properties),
  steps: (p, view) => [
    step(
      'repository of Kubernetes',
      'kube_repository',
      { version: p.kubernetes_version, ...addresses(p, view) },
      { environment: environment(p, view) },
    ),
    ...(isRpm(view) ? dnf(p, view) : apt(p, view)),
    // Until init or join configures it, the kubelet exits, and systemd starts it again; this is normal.
    step('kubelet runs', 'systemd', { name: 'kubelet', state: 'started', enabled: true }),
    ...p.kube_completion.map(shell => step(`completion in ${shell}`, 'kube_completion', { shell })),
  ],
  preflight: (p, view) => versionFindings(p.kubernetes_version, p.kubeadm_kubelet, view),
})

const isRpm = (view: View): boolean => view.facts['os_family'] === 'RedHat'

const addresses = (p: Params, view: View) => {
  const minor = parseVersion(p.kubernetes_version)?.minor ?? 0
  const url = p.kube_packages_repo || `https://pkgs.k8s.io/core:/stable:/v1.${minor}/${isRpm(view) ? 'rpm' : 'deb'}/`
  const folder = url.endsWith('/') ? url : `${url}/`
  return {
    url: folder,
    key_url: p.kube_packages_key_url || `${folder}${isRpm(view) ? 'repodata/repomd.xml.key' : 'Release.key'}`,
  }
}

const packageVersion = (p: Params): string => p.kubernetes_package_version || `${p.kubernetes_version}-*`

/** nftables is needed to remove the table that kube-proxy leaves in nftables mode. */
const debianPackages = (p: Params): string[] => [
  ...pinned.map(name => `${name}=${packageVersion(p)}`),
  ...beside,
  ...debianTools,
  ...(p.kubeadm_proxy['mode'] === 'nftables' ? ['nftables'] : []),
]

const apt = (p: Params, view: View): readonly RoleStep[] => [
  step(
    'packages of Kubernetes',
    'apt',
    {
      name: debianPackages(p),
      state: 'present',
      install_recommends: false,
      update_cache: true,
      cache_valid_time: 3600,
      allow_change_held_packages: true,
      allow_downgrade: true,
    },
    { environment: environment(p, view) },
  ),
  step(p.kube_packages_hold ? 'held at this version' : 'not held', 'dpkg_selections', {
    name: pinned,
    selection: p.kube_packages_hold ? 'hold' : 'install',
  }),
]

/** The repository excludes the packages from ordinary upgrades, which is how dnf holds packages. */
const dnf = (p: Params, view: View): readonly RoleStep[] => [
  step(
    'packages of Kubernetes',
    'dnf',
    {
      name: [
        ...pinned.map(name => `${name}-${packageVersion(p)}`),
        ...beside,
        'conntrack-tools',
        'iproute-tc',
        'socat',
      ],
      state: 'present',
      disable_excludes: 'kubernetes',
      allow_downgrade: true,
    },
    { environment: environment(p, view) },
  ),
]

const environment = (p: Params, view: View): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(proxyEnvironment(p, view)).map(([name, value]) => [name.toLowerCase(), value]))

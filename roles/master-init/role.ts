import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import { defineRole, step, type View } from '../../engine/core/role.js'
import { controlPlanes, isFirstControlPlane, nodeAddress, nodeName } from '../shared/cluster.js'
import { kubeletSettings } from '../shared/kubelet-settings.js'
import { networkFindings, resolverFindings, versionFindings } from '../shared/preflight.js'
import { parameters, shared } from '../shared/properties.js'

interface Params {
  readonly kubernetes_version: string
  readonly cluster_name: string
  readonly control_plane_endpoint: string
  readonly pod_subnet: string
  readonly service_subnet: string
  readonly dns_domain: string
  readonly kubeadm_image_repository: string
  readonly kubeadm_ignore_preflight_errors: readonly string[]
  readonly kubeadm_init: JsonObject
  readonly kubeadm_cluster: JsonObject
  readonly kubeadm_kubelet: JsonObject
  readonly kubeadm_proxy: JsonObject
  readonly kubectl_users: readonly string[]
  readonly node_name: string
  readonly node_address: string
}

const more = (what: string): JsonSchema => ({
  type: 'object',
  default: {},
  description: `More of ${what}, merged in; null takes a key out.`,
})

const properties = {
  kubernetes_version: shared.kubernetes_version,
  cluster_name: { type: 'string', default: 'kubernetes', description: 'The name of the cluster in kubeconfig files.' },
  control_plane_endpoint: shared.control_plane_endpoint,
  pod_subnet: shared.pod_subnet,
  service_subnet: shared.service_subnet,
  dns_domain: shared.dns_domain,
  kubeadm_image_repository: shared.kubeadm_image_repository,
  kubeadm_ignore_preflight_errors: shared.kubeadm_ignore_preflight_errors,
  kubeadm_init: more('InitConfiguration'),
  kubeadm_cluster: more('ClusterConfiguration'),
  kubeadm_kubelet: shared.kubeadm_kubelet,
  kubeadm_proxy: {
    ...more('KubeProxyConfiguration'),
    description:
      'More of KubeProxyConfiguration, merged in; null takes a key out, at init. A change is brought to a cluster that runs: its pods are replaced.',
  },
  kubectl_users: shared.kubectl_users,
  node_name: shared.node_name,
  node_address: shared.node_address,
} satisfies { readonly [name in keyof Params]: JsonSchema }

/** The first control plane. Seed: «Master Node 설정». */
export default defineRole<Params>({
  name: 'master-init',
  doc: 'The first control plane: kubeadm init, and kubectl for its users.',
  params: parameters(properties),
  steps: (p, view) =>
    isFirstControlPlane(view)
      ? [
          // After a reboot, or a repair of the kubelet, the API server takes a while to answer, and until then the
          // state is not known. If it stays silent, the next step decides: it repairs an interrupted init, and
          // diagnoses a broken control plane.
          step('the API server answers, where there is one', 'kube_wait', {
            for: [{ kind: 'API' }],
            if_present: true,
            give_up: 'go_on',
            timeout: 120,
          }),
          step('kubeadm init', 'kubeadm_init', initParams(p, view)),
          kubeletSettings(p.kubeadm_kubelet, p.kubeadm_init, view),
          ...p.kubectl_users.map(user => step(`kubectl for ${user}`, 'kubectl_config', { user })),
        ]
      : [],
  preflight: (p, view) => [
    ...(isFirstControlPlane(view)
      ? [
          ...networkFindings(p, view),
          ...versionFindings(p.kubernetes_version, p.kubeadm_kubelet, view),
          ...addressFindings(view),
          ...resolverFindings(p.kubeadm_kubelet, view),
        ]
      : []),
    ...(isFirstControlPlane(view) && controlPlanes(view).length > 1
      ? [
          {
            level: 'error' as const,
            what: `${controlPlanes(view).length} control planes: this role makes the first one only`,
            remedy: 'keep one host in the group control_plane',
          },
        ]
      : []),
  ],
})

const initParams = (p: Params, view: View) => ({
  kubernetes_version: p.kubernetes_version,
  cluster_name: p.cluster_name,
  control_plane_endpoint: p.control_plane_endpoint,
  pod_subnet: p.pod_subnet,
  service_subnet: p.service_subnet,
  dns_domain: p.dns_domain,
  ...(p.kubeadm_image_repository === '' ? {} : { image_repository: p.kubeadm_image_repository }),
  ignore_preflight_errors: p.kubeadm_ignore_preflight_errors,
  node_name: nodeName(view.host),
  node_address: nodeAddress(view.host) ?? view.host.address,
  init: p.kubeadm_init,
  cluster: p.kubeadm_cluster,
  kubelet: p.kubeadm_kubelet,
  proxy: p.kubeadm_proxy,
})

const addressFindings = (view: View) =>
  nodeAddress(view.host) === undefined
    ? [
        {
          level: 'error' as const,
          host: view.host.name,
          what: 'its address in the cluster is not known: ansible_host is a name, and there are no facts',
          remedy: 'set node_address for the host, or gather facts',
        },
      ]
    : []

import type { JsonObject } from '../../core/json.js'
import { jsonText } from '../../python/json-text.js'
import type { JoinTicket } from './kubeadm/join-ticket.js'
import { mergeSettings } from './merge.js'

const api = 'kubeadm.k8s.io/v1beta4'

/** What kubeadm init is told, before it becomes documents of its configuration. */
export interface InitSettings extends NodeSettings {
  readonly kubernetes_version: string
  readonly cluster_name: string
  readonly control_plane_endpoint: string
  readonly pod_subnet: string
  readonly service_subnet: string
  readonly dns_domain: string
  readonly image_repository?: string
  readonly init: JsonObject
  readonly cluster: JsonObject
  readonly kubelet: JsonObject
  readonly proxy: JsonObject
}

export interface NodeSettings {
  readonly node_name: string
  /** An address of this machine: the kubelet's node-ip, and what its API server advertises. */
  readonly node_address: string
  readonly cri_socket: string
  readonly ignore_preflight_errors: readonly string[]
}

export interface JoinSettings extends NodeSettings {
  readonly control_plane_endpoint: string
  readonly join: JsonObject
}

/** The four documents of `kubeadm init --config`. Source: the v1beta4 reference, kubelet and kube-proxy configuration references. */
export const initDocuments = (p: InitSettings): readonly JsonObject[] => [
  mergeSettings(
    {
      apiVersion: api,
      kind: 'InitConfiguration',
      // Without an entry kubeadm would leave a token of 24 hours; joins get their own, made when someone joins.
      bootstrapTokens: [{ ttl: '1m0s' }],
      localAPIEndpoint: { advertiseAddress: p.node_address },
      nodeRegistration: nodeRegistration(p),
    },
    p.init,
  ),
  mergeSettings(
    {
      apiVersion: api,
      kind: 'ClusterConfiguration',
      clusterName: p.cluster_name,
      kubernetesVersion: `v${p.kubernetes_version.replace(/^v/, '')}`,
      controlPlaneEndpoint: p.control_plane_endpoint,
      networking: { podSubnet: p.pod_subnet, serviceSubnet: p.service_subnet, dnsDomain: p.dns_domain },
      ...(p.image_repository === undefined ? {} : { imageRepository: p.image_repository }),
    },
    p.cluster,
  ),
  mergeSettings(
    { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver: 'systemd' },
    p.kubelet,
  ),
  mergeSettings(
    // Named, so that an upgrade of kubeadm that changes the default does not change a cluster.
    { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode: 'iptables' },
    p.proxy,
  ),
]

/** The document of `kubeadm join --config`. Holds a secret. */
export const joinDocument = (p: JoinSettings, ticket: JoinTicket): JsonObject =>
  mergeSettings(
    {
      apiVersion: api,
      kind: 'JoinConfiguration',
      discovery: {
        bootstrapToken: {
          token: ticket.token,
          apiServerEndpoint: p.control_plane_endpoint,
          caCertHashes: [ticket.caCertHash],
        },
      },
      nodeRegistration: nodeRegistration(p),
    },
    p.join,
  )

/** JSON is YAML, and kubeadm reads it as such. */
export const asFile = (documents: readonly JsonObject[]): string =>
  documents.map(document => `${jsonText(document, { indent: 2 })}\n`).join('---\n')

const nodeRegistration = (p: NodeSettings): JsonObject => ({
  name: p.node_name,
  criSocket: p.cri_socket,
  kubeletExtraArgs: [{ name: 'node-ip', value: p.node_address }],
  ...(p.ignore_preflight_errors.length === 0 ? {} : { ignorePreflightErrors: p.ignore_preflight_errors }),
})

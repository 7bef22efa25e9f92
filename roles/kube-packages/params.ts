import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import type { ProxyParams } from '../shared/cluster.js'
import { proxyProperties, shared } from '../shared/properties.js'

export interface Params extends ProxyParams {
  readonly kubernetes_version: string
  readonly kubernetes_package_version: string
  readonly kube_packages_repo: string
  readonly kube_packages_key_url: string
  readonly kube_packages_hold: boolean
  readonly kube_completion: readonly string[]
  readonly kubeadm_kubelet: JsonObject
  readonly kubeadm_proxy: JsonObject
}

export const properties = {
  kubernetes_version: shared.kubernetes_version,
  kubernetes_package_version: {
    type: 'string',
    default: '',
    description: "The packages' version, where it is not kubernetes_version with any build number.",
    examples: ['1.34.4-1.1'],
  },
  kube_packages_repo: {
    type: 'string',
    default: '',
    description: "The repository of this minor version; Kubernetes' own at pkgs.k8s.io by default.",
    examples: ['https://mirror.example.com/core:/stable:/v1.34/deb/'],
  },
  kube_packages_key_url: {
    type: 'string',
    default: '',
    description: 'The key that signs it; Release.key (rpm: repodata/repomd.xml.key) in that folder by default.',
    examples: ['https://mirror.example.com/core:/stable:/v1.34/deb/Release.key'],
  },
  kube_packages_hold: {
    type: 'boolean',
    default: true,
    description: 'Hold the packages, so that an upgrade of the system leaves them alone.',
  },
  kube_completion: {
    type: 'array',
    items: { enum: ['bash', 'zsh'] },
    default: ['bash'],
    description: 'Shells that complete the words of kubectl and kubeadm.',
  },
  kubeadm_kubelet: {
    type: 'object',
    default: {},
    description: 'More of KubeletConfiguration; here for what it says of cgroup v1.',
  },
  kubeadm_proxy: {
    type: 'object',
    default: {},
    description: "More of KubeProxyConfiguration; here for kube-proxy's mode.",
  },
  ...proxyProperties,
} satisfies { readonly [name in keyof Params]: JsonSchema }

import type { JsonSchema } from '../../core/json.js'
import { containerdSocket } from './paths.js'

type Properties = { readonly [name: string]: JsonSchema }

const settings = (description: string): JsonSchema => ({ type: 'object', default: {}, description })

/** What init and join both take. */
export const nodeProperties: Properties = {
  node_name: {
    type: 'string',
    pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
    description: 'The name of the Node; kubeadm takes the hostname in lower case.',
    examples: ['node1'],
  },
  node_address: {
    type: 'string',
    description: "This machine's address in the cluster: the kubelet's node-ip, and what its API server advertises.",
    examples: ['192.0.2.11'],
  },
  cri_socket: { type: 'string', default: containerdSocket, description: 'The socket of the container runtime.' },
  ignore_preflight_errors: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: "Names of kubeadm's preflight checks that may fail.",
    examples: [['NumCPU']],
  },
}

/** What only init takes. */
export const initProperties: Properties = {
  kubernetes_version: {
    type: 'string',
    pattern: '^v?1\\.\\d+\\.\\d+$',
    description: 'The version of the control plane.',
    examples: ['1.34.4'],
  },
  cluster_name: { type: 'string', default: 'kubernetes', description: 'The name of the cluster in kubeconfig files.' },
  control_plane_endpoint: {
    type: 'string',
    description: 'Where every node reaches the API server, as NAME:PORT. It cannot be changed later.',
    examples: ['cluster-endpoint:6443'],
  },
  pod_subnet: { type: 'string', default: '10.244.0.0/16', description: "The pods' network." },
  service_subnet: { type: 'string', default: '10.96.0.0/12', description: "The services' network." },
  dns_domain: { type: 'string', default: 'cluster.local', description: "The cluster's DNS domain." },
  image_repository: {
    type: 'string',
    description: "Where kubeadm's images come from, in place of registry.k8s.io.",
    examples: ['registry.example.com/k8s'],
  },
  init: settings('More of InitConfiguration (v1beta4), merged in.'),
  cluster: settings('More of ClusterConfiguration (v1beta4), merged in.'),
  kubelet: settings('More of KubeletConfiguration, merged in.'),
  proxy: settings('More of KubeProxyConfiguration, merged in.'),
}

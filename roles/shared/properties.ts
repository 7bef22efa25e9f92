import type { JsonSchema } from '../../engine/core/json.js'

type Properties = { readonly [name: string]: JsonSchema }

const network = (fallback: string, description: string): JsonSchema => ({
  type: 'string',
  default: fallback,
  pattern: '^[0-9a-fA-F.:]+/\\d+(,[0-9a-fA-F.:]+/\\d+)?$',
  title: `network such as ${fallback}`,
  description,
})

/** Parameters of several roles: one variable, one meaning, one default. */
export const shared = {
  kubernetes_version: {
    type: 'string',
    default: '1.34.4',
    pattern: '^1\\.\\d+\\.\\d+$',
    title: 'version of Kubernetes such as 1.34.4',
    description: 'The version of Kubernetes on all hosts, as 1.MINOR.PATCH. The floor is 1.31.',
    examples: ['1.34.4'],
  },
  control_plane_endpoint: {
    type: 'string',
    default: 'cluster-endpoint:6443',
    pattern: '^[^\\s/]+:\\d+$',
    title: 'NAME:PORT',
    description:
      'Where every host reaches the API server, as NAME:PORT. It cannot be changed later: a name leaves the way open to a load balancer.',
    examples: ['k8s.example.com:6443'],
  },
  control_plane_endpoint_address: {
    type: 'string',
    default: '',
    description:
      "The address that /etc/hosts gives the endpoint's name. Without it the default name gets the first control plane's, and any other name is left to DNS.",
    examples: ['192.0.2.10'],
  },
  node_name: {
    type: 'string',
    default: '',
    description: "The name of this host's Node; its hostname in lower case by default.",
    examples: ['node1'],
  },
  node_address: {
    type: 'string',
    default: '',
    description:
      "This host's address in the cluster. Without it ansible_host where that is an address, else the address of the default route.",
    examples: ['192.0.2.11'],
  },
  pod_subnet: network(
    '10.244.0.0/16',
    "The pods' network; it must not overlap the hosts'. For IPv4 and IPv6 two, with a comma between them.",
  ),
  service_subnet: network('10.96.0.0/12', "The services' network."),
  dns_domain: { type: 'string', default: 'cluster.local', description: "The cluster's DNS domain." },
  http_proxy: {
    type: 'string',
    default: '',
    description: 'A proxy for http.',
    examples: ['http://proxy.example.com:3128'],
  },
  https_proxy: {
    type: 'string',
    default: '',
    description: 'A proxy for https.',
    examples: ['http://proxy.example.com:3128'],
  },
  no_proxy: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: "What is reached without the proxy, beside the hosts and the cluster's networks.",
    examples: [['.example.com']],
  },
  cni: {
    enum: ['calico', 'flannel', 'none'],
    default: 'calico',
    description: 'The pod network; none where another is brought.',
  },
  kubeadm_image_repository: {
    type: 'string',
    default: '',
    description: "Where the control plane's images come from, in place of registry.k8s.io.",
    examples: ['registry.example.com/k8s'],
  },
  kubeadm_ignore_preflight_errors: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: "Names of kubeadm's preflight checks that may fail.",
    examples: [['NumCPU']],
  },
  kubeadm_kubelet: {
    type: 'object',
    default: {},
    description:
      'More of KubeletConfiguration, merged in; null takes a key out, at init. A change is brought to a cluster that runs, one node at a time. One for all hosts.',
    examples: [{ maxPods: 200 }],
  },
  kubectl_users: {
    type: 'array',
    items: { type: 'string' },
    default: ['root'],
    description: 'Users of the control plane who get kubectl for the cluster.',
  },
} satisfies Properties

/** The parameters of `proxyEnvironment`. */
export const proxyProperties = {
  pod_subnet: shared.pod_subnet,
  service_subnet: shared.service_subnet,
  dns_domain: shared.dns_domain,
  control_plane_endpoint: shared.control_plane_endpoint,
  http_proxy: shared.http_proxy,
  https_proxy: shared.https_proxy,
  no_proxy: shared.no_proxy,
} satisfies Properties

/** The schema of a role. A role reads only the variables that it declares, so unknown names cannot occur. */
export const parameters = (properties: Properties): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
})

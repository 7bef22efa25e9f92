import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import type { PodNetwork, ProxyParams } from '../shared/cluster.js'
import { proxyProperties, shared } from '../shared/properties.js'
import { defaultCalico, defaultFlannel } from './published.js'

export interface Params extends ProxyParams {
  readonly cni: PodNetwork
  readonly calico_version: string
  readonly calico_manifest_url: string
  readonly calico_manifest_sha256: string
  readonly calico_install: 'manifest' | 'operator'
  readonly calico_typha: 'auto' | 'always' | 'never'
  readonly calico_operator_url: string
  readonly calico_operator_sha256: string
  readonly calico_operator_crds_url: string
  readonly calico_operator_crds_sha256: string
  readonly calico_installation: JsonObject
  readonly calico_vxlan: 'keep' | 'Always' | 'CrossSubnet' | 'Never'
  readonly calico_ip_autodetection: string
  readonly calico_env: { readonly [name: string]: string }
  readonly flannel_version: string
  readonly flannel_manifest_url: string
  readonly flannel_manifest_sha256: string
  readonly flannel_iface: string
}

const sha256: JsonSchema = {
  type: 'string',
  default: '',
  pattern: '^([0-9a-f]{64})?$',
  title: 'SHA-256 in hex',
  description:
    'The checksum of the manifest: what is not this is refused. tkplay knows it for the published manifests.',
}

export const properties = {
  cni: shared.cni,
  calico_version: {
    type: 'string',
    default: defaultCalico,
    pattern: '^v\\d+\\.\\d+\\.\\d+$',
    title: `version of Calico such as ${defaultCalico}`,
    description: 'The version of Calico whose manifest is taken.',
    examples: [defaultCalico],
  },
  calico_manifest_url: {
    type: 'string',
    default: '',
    description: "The manifest; Calico's own for VXLAN without BGP, or with Typha, at that version by default.",
    examples: ['https://mirror.example.com/calico/v3.28.5/manifests/calico-vxlan.yaml'],
  },
  calico_manifest_sha256: sha256,
  calico_install: {
    enum: ['manifest', 'operator'],
    default: 'manifest',
    description: 'Who installs Calico: its manifest, or its operator, which then keeps it. A cluster stays with one.',
  },
  calico_typha: {
    enum: ['auto', 'always', 'never'],
    default: 'auto',
    description:
      'Whether the manifest is the one with Typha, which spares the API server; auto takes it for more than 50 hosts. The operator always brings it.',
  },
  calico_operator_url: {
    type: 'string',
    default: '',
    description: "The operator's manifest; Calico's own at that version by default.",
    examples: ['https://mirror.example.com/calico/v3.28.5/manifests/tigera-operator.yaml'],
  },
  calico_operator_sha256: sha256,
  calico_operator_crds_url: {
    type: 'string',
    default: '',
    description:
      "The operator's definitions of kinds, which lie apart from 3.30 on; Calico's own at that version by default.",
    examples: ['https://mirror.example.com/calico/v3.31.7/manifests/operator-crds.yaml'],
  },
  calico_operator_crds_sha256: sha256,
  calico_installation: {
    type: 'object',
    default: {},
    description: "More of the operator's Installation, merged into its spec.",
    examples: [{ registry: 'mirror.example.com/' }],
  },
  calico_vxlan: {
    enum: ['keep', 'Always', 'CrossSubnet', 'Never'],
    default: 'keep',
    description: 'When packets between nodes are wrapped in VXLAN; keep takes what the manifest says.',
  },
  calico_ip_autodetection: {
    type: 'string',
    default: 'kubernetes-internal-ip',
    description:
      "How Calico finds the address of a node: by the Node's own, which is node_address, or as told where a machine has several network cards.",
    examples: ['cidr=192.0.2.0/24', 'interface=eth1'],
  },
  calico_env: {
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    description: 'More environment of calico-node.',
    examples: [{ FELIX_LOGSEVERITYSCREEN: 'Warning' }],
  },
  flannel_version: {
    type: 'string',
    default: defaultFlannel,
    pattern: '^v\\d+\\.\\d+\\.\\d+$',
    title: `version of flannel such as ${defaultFlannel}`,
    description: 'The version of flannel whose manifest is taken.',
    examples: [defaultFlannel],
  },
  flannel_manifest_url: {
    type: 'string',
    default: '',
    description: "The manifest; flannel's own at that version by default.",
    examples: ['https://mirror.example.com/flannel/v0.28.9/kube-flannel.yml'],
  },
  flannel_manifest_sha256: sha256,
  flannel_iface: {
    type: 'string',
    default: '',
    description: 'The network card for the pods; that of the default route by default.',
    examples: ['eth1'],
  },
  ...proxyProperties,
} satisfies { readonly [name in keyof Params]: JsonSchema }

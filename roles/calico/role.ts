import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import { defineRole, step } from '../../engine/core/role.js'
import { isFirstControlPlane } from '../shared/cluster.js'
import { parameters, shared } from '../shared/properties.js'

interface Params {
  readonly cni: 'calico' | 'none'
  readonly calico_version: string
  readonly calico_manifest_url: string
  readonly calico_manifest_sha256: string
  readonly calico_vxlan: 'keep' | 'Always' | 'CrossSubnet' | 'Never'
  readonly calico_ip_autodetection: string
  readonly calico_env: { readonly [name: string]: string }
  readonly pod_subnet: string
}

const defaultVersion = 'v3.28.5'

const properties = {
  cni: { enum: ['calico', 'none'], default: 'calico', description: 'The pod network; none where another is brought.' },
  calico_version: {
    type: 'string',
    default: defaultVersion,
    pattern: '^v\\d+\\.\\d+\\.\\d+$',
    title: `version of Calico such as ${defaultVersion}`,
    description: 'The version of Calico whose manifest is taken.',
    examples: [defaultVersion],
  },
  calico_manifest_url: {
    type: 'string',
    default: '',
    description: "The manifest; Calico's own for VXLAN without BGP at that version unless told.",
    examples: ['https://mirror.example.com/calico/v3.28.5/manifests/calico-vxlan.yaml'],
  },
  calico_manifest_sha256: {
    type: 'string',
    default: '',
    pattern: '^([0-9a-f]{64})?$',
    title: 'SHA-256 in hex',
    description: 'The checksum of the manifest: what is not this is refused.',
  },
  calico_vxlan: {
    enum: ['keep', 'Always', 'CrossSubnet', 'Never'],
    default: 'keep',
    description: 'When packets between nodes are wrapped in VXLAN; keep takes what the manifest says.',
  },
  calico_ip_autodetection: {
    type: 'string',
    default: '',
    description: 'How Calico finds the address of a node with several network cards.',
    examples: ['cidr=192.0.2.0/24', 'interface=eth1'],
  },
  calico_env: {
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    description: 'More environment of calico-node.',
    examples: [{ FELIX_LOGSEVERITYSCREEN: 'Warning' }],
  },
  pod_subnet: shared.pod_subnet,
} satisfies { readonly [name in keyof Params]: JsonSchema }

const ready = [
  { kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' },
  { kind: 'Deployment', namespace: 'kube-system', name: 'calico-kube-controllers' },
  { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
]

/** The pod network. Seed: «Overlay network : Calico 설치». */
export default defineRole<Params>({
  name: 'calico',
  doc: 'The pod network: Calico, ready, and CoreDNS with it.',
  params: parameters(properties),
  steps: (p, view) =>
    isFirstControlPlane(view) && p.cni === 'calico'
      ? [
          step('Calico', 'kube_manifest', manifest(p)),
          step('Calico and CoreDNS are ready', 'kube_wait', { for: ready, timeout: 300 }),
        ]
      : [],
})

const manifest = (p: Params): JsonObject => {
  const own = p.calico_manifest_url === ''
  return {
    url: own
      ? `https://raw.githubusercontent.com/projectcalico/calico/${p.calico_version}/manifests/calico-vxlan.yaml`
      : p.calico_manifest_url,
    ...(p.calico_manifest_sha256 === '' ? {} : { sha256: p.calico_manifest_sha256 }),
    // What somebody edited by hand is drift.
    force_conflicts: true,
    patches: [
      {
        kind: 'DaemonSet',
        name: 'calico-node',
        merge: { spec: { template: { spec: { containers: [{ name: 'calico-node', env: env(p) }] } } } },
      },
    ],
  }
}

/** The pool takes effect only when Calico starts for the first time; another pod_subnet later is refused by kubeadm_init. */
const env = (p: Params): JsonObject[] =>
  Object.entries({
    CALICO_IPV4POOL_CIDR: p.pod_subnet,
    ...(p.calico_vxlan === 'keep' ? {} : { CALICO_IPV4POOL_VXLAN: p.calico_vxlan }),
    ...(p.calico_ip_autodetection === '' ? {} : { IP_AUTODETECTION_METHOD: p.calico_ip_autodetection }),
    ...p.calico_env,
  }).map(([name, value]) => ({ name, value }))

import type { JsonObject } from '../../engine/core/json.js'
import type { Finding, View } from '../../engine/core/role.js'
import { mergeSettings } from '../../engine/modules/kube/merge.js'
import { ipv4Network } from '../shared/networks.js'
import type { Manifest, Network } from './network.js'
import type { Params } from './params.js'
import { publishedOperator, publishedOperatorCrds, sourceOf } from './published.js'

/**
 * Calico, installed and maintained by its operator as the Installation says. Source: docs.tigera.io, «Installation
 * reference».
 */
export const operator = (p: Params): Network => ({
  title: 'Calico',
  manifests: [...(isSince(p, 30) ? [crds(p)] : []), operatorManifest(p)],
  settings: { title: "Calico's Installation", object: installation(p) },
  ready: [
    { kind: 'Deployment', namespace: 'tigera-operator', name: 'tigera-operator' },
    { kind: 'TigeraStatus', name: 'calico' },
    { kind: 'Deployment', namespace: 'calico-system', name: 'calico-typha' },
    { kind: 'DaemonSet', namespace: 'calico-system', name: 'calico-node' },
    { kind: 'Deployment', namespace: 'calico-system', name: 'calico-kube-controllers' },
  ],
})

/** Whether the version of Calico is 3.MINOR or later. */
const isSince = (p: Params, minor: number): boolean => {
  const [, major, its] = /^v(\d+)\.(\d+)\./.exec(p.calico_version) ?? []
  return Number(major) > 3 || Number(its) >= minor
}

/** From 3.30 on the operator's manifest does not contain its CRDs. */
const crds = (p: Params): Manifest => ({
  title: "the kinds of Calico's operator",
  source: sourceOf(publishedOperatorCrds, {
    version: p.calico_version,
    url: p.calico_operator_crds_url,
    sha256: p.calico_operator_crds_sha256,
  }),
  checksum: 'calico_operator_crds_sha256',
  patches: [],
})

const operatorManifest = (p: Params): Manifest => ({
  title: "Calico's operator",
  source: sourceOf(publishedOperator, {
    version: p.calico_version,
    url: p.calico_operator_url,
    sha256: p.calico_operator_sha256,
  }),
  checksum: 'calico_operator_sha256',
  patches: [],
})

/** The same network as with the manifest: VXLAN without BGP, no volumes of Calico's own. */
const installation = (p: Params): JsonObject => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: mergeSettings(
    {
      calicoNetwork: {
        bgp: 'Disabled',
        nodeAddressAutodetectionV4: autodetection(p.calico_ip_autodetection) ?? {},
        ipPools: [pool(p)],
      },
      flexVolumePath: 'None',
      kubeletVolumePluginPath: 'None',
    },
    p.calico_installation,
  ),
})

/**
 * All fields are set: the operator fills in missing ones, and since a list has one owner, that would be drift.
 * Source: tigera/operator, pkg/controller/ippool/defaults.go of 1.34 to 1.40.
 */
const pool = (p: Params): JsonObject => ({
  name: 'default-ipv4-ippool',
  cidr: ipv4Network(p.pod_subnet),
  blockSize: 26,
  encapsulation: p.calico_vxlan === 'Always' ? 'VXLAN' : 'VXLANCrossSubnet',
  natOutgoing: 'Enabled',
  nodeSelector: 'all()',
  allowedUses: ['Workload', 'Tunnel'],
  ...(isSince(p, 29) ? { disableNewAllocations: false } : {}),
  ...(isSince(p, 30) ? { assignmentMode: 'Automatic' } : {}),
})

/** Translates calico-node's IP_AUTODETECTION_METHOD for the Installation; undefined where it has no counterpart. */
const autodetection = (method: string): JsonObject | undefined => {
  if (method === '' || method === 'first-found') return { firstFound: true }
  if (method === 'kubernetes-internal-ip') return { kubernetes: 'NodeInternalIP' }
  const [, how = '', what = ''] = /^(cidr|interface|skip-interface|can-reach)=(.+)$/.exec(method) ?? []
  switch (how) {
    case 'cidr':
      return { cidrs: what.split(',') }
    case 'interface':
      return { interface: what }
    case 'skip-interface':
      return { skipInterface: what }
    case 'can-reach':
      return { canReach: what }
    default:
      return undefined
  }
}

/** Errors for settings that the operator would silently ignore. */
export const operatorFindings = (p: Params, view: View): readonly Finding[] => {
  const error = (what: string, remedy: string): Finding => ({ level: 'error', host: view.host.name, what, remedy })
  return [
    ...(Object.keys(p.calico_env).length === 0
      ? []
      : [
          error(
            'calico_env has no effect where the operator installs Calico: it sets the environment of calico-node itself',
            'say it in calico_installation, or in a FelixConfiguration; or set calico_install to manifest',
          ),
        ]),
    ...(p.calico_vxlan !== 'Never'
      ? []
      : [
          error(
            'calico_vxlan is Never, and without VXLAN the operator wants BGP',
            'set calico_vxlan to CrossSubnet; or leave it out, and say BGP and the pool in calico_installation',
          ),
        ]),
    ...(autodetection(p.calico_ip_autodetection) !== undefined
      ? []
      : [
          error(
            `calico_ip_autodetection is ${p.calico_ip_autodetection}, which the operator has no word for`,
            'set it to kubernetes-internal-ip, first-found, cidr=…, interface=…, skip-interface=… or can-reach=…',
          ),
        ]),
  ]
}

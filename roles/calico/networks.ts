import type { JsonObject } from '../../engine/core/json.js'
import type { View } from '../../engine/core/role.js'
import { nodes, type PodNetwork } from '../shared/cluster.js'
import { ipv4Network } from '../shared/networks.js'
import type { Network } from './network.js'
import { operator } from './operator.js'
import type { Params } from './params.js'
import { publishedCalico, publishedFlannel, publishedTypha, sourceOf } from './published.js'

export const networkOf = (p: Params, view: View): Network | undefined => networks[p.cni](p, view)

/** Calico recommends Typha between its agents and the API server for more nodes than this. */
const typhaBeyond = 50

const wantsTypha = (p: Params, view: View): boolean =>
  p.calico_typha === 'always' || (p.calico_typha === 'auto' && nodes(view).length > typhaBeyond)

/** The pool takes effect only when Calico starts for the first time; the module calico_pool refuses a later change. */
const calico = (p: Params, view: View): Network => {
  const typha = wantsTypha(p, view)
  const { calico_version: version, calico_manifest_url: url, calico_manifest_sha256: sha256 } = p
  return {
    title: 'Calico',
    manifests: [
      {
        title: 'Calico',
        source: sourceOf(typha ? publishedTypha : publishedCalico, { version, url, sha256 }),
        checksum: 'calico_manifest_sha256',
        patches: [...(typha ? vxlan() : []), daemonSet('calico-node', 'calico-node', calicoNode(p, typha))],
      },
    ],
    ready: [
      ...(typha ? [{ kind: 'Deployment', namespace: 'kube-system', name: 'calico-typha' }] : []),
      { kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' },
      { kind: 'Deployment', namespace: 'kube-system', name: 'calico-kube-controllers' },
    ],
  }
}

const calicoNode = (p: Params, typha: boolean): { readonly [name: string]: string } => ({
  CALICO_IPV4POOL_CIDR: ipv4Network(p.pod_subnet),
  ...(typha ? vxlanPools : {}),
  ...(p.calico_vxlan === 'keep' ? {} : { CALICO_IPV4POOL_VXLAN: p.calico_vxlan }),
  ...(p.calico_ip_autodetection === '' ? {} : { IP_AUTODETECTION_METHOD: p.calico_ip_autodetection }),
  ...p.calico_env,
})

const vxlanPools = {
  CALICO_IPV4POOL_IPIP: 'Never',
  CALICO_IPV4POOL_VXLAN: 'CrossSubnet',
  CALICO_IPV6POOL_VXLAN: 'CrossSubnet',
}

/** The differences between calico-vxlan.yaml and calico.yaml (BGP); no such manifest exists with Typha. */
const vxlan = (): readonly JsonObject[] => [
  { kind: 'ConfigMap', name: 'calico-config', merge: { data: { calico_backend: 'vxlan' } } },
  container('calico-node', 'calico-node', {
    livenessProbe: { exec: { command: ['/bin/calico-node', '-felix-live'] } },
    readinessProbe: { exec: { command: ['/bin/calico-node', '-felix-ready'] } },
  }),
]

/** flanneld also reads each flag from the environment, so the manifest's own flags stay as they are. */
const flannel = (p: Params): Network => ({
  title: 'flannel',
  manifests: [
    {
      title: 'flannel',
      source: sourceOf(publishedFlannel, {
        version: p.flannel_version,
        url: p.flannel_manifest_url,
        sha256: p.flannel_manifest_sha256,
      }),
      checksum: 'flannel_manifest_sha256',
      patches: [
        {
          kind: 'ConfigMap',
          name: 'kube-flannel-cfg',
          merge: {
            data: {
              'net-conf.json': JSON.stringify({ Network: ipv4Network(p.pod_subnet), Backend: { Type: 'vxlan' } }),
            },
          },
        },
        ...(p.flannel_iface === ''
          ? []
          : [daemonSet('kube-flannel-ds', 'kube-flannel', { FLANNELD_IFACE: p.flannel_iface })]),
      ],
    },
  ],
  ready: [{ kind: 'DaemonSet', namespace: 'kube-flannel', name: 'kube-flannel-ds' }],
})

const networks: { readonly [network in PodNetwork]: (p: Params, view: View) => Network | undefined } = {
  calico: (p, view) => (p.calico_install === 'operator' ? operator(p) : calico(p, view)),
  flannel,
  none: () => undefined,
}

const daemonSet = (name: string, of: string, env: { readonly [name: string]: string }): JsonObject =>
  container(name, of, { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) })

const container = (daemon: string, name: string, merge: JsonObject): JsonObject => ({
  kind: 'DaemonSet',
  name: daemon,
  merge: { spec: { template: { spec: { containers: [{ name, ...merge }] } } } },
})

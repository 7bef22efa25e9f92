import type { JsonObject } from '../../engine/core/json.js'
import type { PodNetwork } from '../shared/cluster.js'
import { ipv4Network } from '../shared/networks.js'
import type { Params } from './params.js'
import { publishedCalico, publishedFlannel, type Source, sourceOf } from './published.js'

/** A pod network: its manifest, what is laid over it, and what is to be ready then. */
export interface Network {
  readonly title: string
  readonly source: Source
  /** The variable that pins the manifest. */
  readonly checksum: keyof Params
  readonly patches: readonly JsonObject[]
  readonly ready: readonly JsonObject[]
}

export const networkOf = (p: Params): Network | undefined => networks[p.cni](p)

/** The pool takes effect only when Calico starts for the first time; another one later is refused by calico_pool. */
const calico = (p: Params): Network => ({
  title: 'Calico',
  source: sourceOf(publishedCalico, {
    version: p.calico_version,
    url: p.calico_manifest_url,
    sha256: p.calico_manifest_sha256,
  }),
  checksum: 'calico_manifest_sha256',
  patches: [
    daemonSet('calico-node', 'calico-node', {
      CALICO_IPV4POOL_CIDR: ipv4Network(p.pod_subnet),
      ...(p.calico_vxlan === 'keep' ? {} : { CALICO_IPV4POOL_VXLAN: p.calico_vxlan }),
      ...(p.calico_ip_autodetection === '' ? {} : { IP_AUTODETECTION_METHOD: p.calico_ip_autodetection }),
      ...p.calico_env,
    }),
  ],
  ready: [
    { kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' },
    { kind: 'Deployment', namespace: 'kube-system', name: 'calico-kube-controllers' },
  ],
})

/** flanneld takes each of its flags from the environment too: the manifest's own stay as they are. */
const flannel = (p: Params): Network => ({
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
        data: { 'net-conf.json': JSON.stringify({ Network: ipv4Network(p.pod_subnet), Backend: { Type: 'vxlan' } }) },
      },
    },
    ...(p.flannel_iface === ''
      ? []
      : [daemonSet('kube-flannel-ds', 'kube-flannel', { FLANNELD_IFACE: p.flannel_iface })]),
  ],
  ready: [{ kind: 'DaemonSet', namespace: 'kube-flannel', name: 'kube-flannel-ds' }],
})

const networks: { readonly [network in PodNetwork]: (p: Params) => Network | undefined } = {
  calico,
  flannel,
  none: () => undefined,
}

const daemonSet = (name: string, container: string, env: { readonly [name: string]: string }): JsonObject => ({
  kind: 'DaemonSet',
  name,
  merge: {
    spec: {
      template: {
        spec: {
          containers: [{ name: container, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }],
        },
      },
    },
  },
})

import type { JsonObject } from '../../engine/core/json.js'
import { defineRole, type Finding, step, type View } from '../../engine/core/role.js'
import { isFirstControlPlane, nodeName, proxyEnvironment } from '../shared/cluster.js'
import { ipv4Network } from '../shared/networks.js'
import { parameters } from '../shared/properties.js'
import type { Manifest } from './network.js'
import { networkOf } from './networks.js'
import { operatorFindings } from './operator.js'
import { type Params, properties } from './params.js'

/** The pod network. Seed: «Overlay network : Calico 설치». */
export default defineRole<Params>({
  name: 'calico',
  doc: 'The pod network: Calico (or flannel), ready, and CoreDNS with it.',
  params: parameters(properties),
  steps: (p, view) => {
    const network = isFirstControlPlane(view) ? networkOf(p, view) : undefined
    if (network === undefined) return []
    const { title, manifests, settings, ready } = network
    const environment = downloadEnvironment(p, view)
    return [
      ...(p.cni === 'calico'
        ? [
            step("the addresses of Calico's pods", 'calico_pool', {
              cidr: ipv4Network(p.pod_subnet),
              install: p.calico_install,
            }),
          ]
        : [
            step('no other pod network is here', 'calico_pool', {
              cidr: ipv4Network(p.pod_subnet),
              install: 'none',
            }),
          ]),
      ...manifests.map(manifest => step(manifest.title, 'kube_manifest', parametersOf(manifest), { environment })),
      ...(settings === undefined
        ? []
        : [step(settings.title, 'kube_manifest', { definition: settings.object, force_conflicts: true })]),
      step(`${title} and CoreDNS are ready`, 'kube_wait', {
        for: [
          ...ready,
          { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
          { kind: 'Node', name: nodeName(view.host), fresh: true },
        ],
        timeout: 300,
        silent_nodes: 'leave_out',
      }),
    ]
  },
  preflight: (p, view) => {
    const network = isFirstControlPlane(view) ? networkOf(p, view) : undefined
    if (network === undefined) return []
    return [
      ...network.manifests.filter(({ source }) => source.sha256 === undefined).map(one => unpinned(one, view)),
      ...(p.cni === 'calico' && p.calico_install === 'operator' ? operatorFindings(p, view) : []),
    ]
  },
})

const parametersOf = ({ source, patches }: Manifest): JsonObject => ({
  url: source.url,
  ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
  // A change by hand is drift.
  force_conflicts: true,
  patches: [...patches],
})

const unpinned = ({ title, source, checksum }: Manifest, view: View): Finding => ({
  level: 'warning',
  host: view.host.name,
  what: `the manifest of ${title} is not pinned: whatever lies at ${source.url} is applied`,
  remedy: `set ${checksum} to its checksum (\`curl -sL URL | sha256sum\`)`,
})

/** The environment for the download. kubectl gets the same environment, and finds the API server in NO_PROXY. */
const downloadEnvironment = (p: Params, view: View): { readonly [name: string]: string } => {
  const proxy = proxyEnvironment(p, view)
  return Object.fromEntries(
    Object.entries(proxy).flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  )
}

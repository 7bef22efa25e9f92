import { defineModule } from '../../../core/module.js'
import { field } from '../../support/message-data.js'
import { object, oneOf, path, str } from '../../support/schema.js'
import { adminConf } from '../paths.js'
import { ipPools, type PoolsSeen } from './ip-pools.js'

interface Params {
  readonly cidr: string
  readonly install?: 'manifest' | 'operator' | 'none'
  readonly kubeconfig: string
}

/** Source: docs.tigera.io, «IP pool» and «Configuring calico/node» on CALICO_IPV4POOL_CIDR. */
export const calicoPool = defineModule<Params, PoolsSeen, never>({
  name: 'calico_pool',
  kind: 'state',
  refusesFirst: ['other-pool', 'other-install', 'other-cni'],
  doc: `Sees that Calico hands out addresses of the network that is meant. It changes nothing.

Calico makes its pool from its settings when it starts for the first time, and heeds them no more: another network later would be ignored
in silence. It is refused instead. So is another way of installing it than the one that the cluster has: both would run side by side. Where Calico has never started, there is nothing to see.`,
  params: object(
    {
      cidr: str("The pods' network.", { examples: ['10.244.0.0/16'] }),
      install: oneOf('Who is to have installed Calico; none where another pod network is meant.', [
        'manifest',
        'operator',
        'none',
      ]),
      kubeconfig: path('The kubeconfig on the host.', { default: adminConf }),
    },
    ['cidr'],
  ),
  examples: `
- name: the addresses of Calico's pods
  calico_pool: {cidr: 10.244.0.0/16}
`,

  writes: [],
  probe: p => ipPools(p.kubeconfig),

  plan(p, seen) {
    if (seen.api === 'silent') return { needs: 'a running API server' }
    const installed = seen.api === 'answers' ? installerOf(seen.namespaces) : undefined
    if (p.install === 'none')
      return installed === undefined ? { changes: [] } : { refused: 'other-cni', data: { has: 'calico' } }
    if (seen.api === 'answers' && seen.flannel === true) return { refused: 'other-cni', data: { has: 'flannel' } }
    if (p.install !== undefined && installed !== undefined && installed !== p.install)
      return { refused: 'other-install', data: { has: installed, wanted: p.install } }
    const fits = seen.api === 'none' || seen.cidrs.length === 0 || seen.cidrs.includes(p.cidr)
    return fits ? { changes: [] } : { refused: 'other-pool', data: { has: [...seen.cidrs], wanted: p.cidr } }
  },

  async apply() {
    // It only looks: its plan has no changes.
  },

  messages: {
    codes: {
      'other-pool': data => ({
        what: `Calico hands out addresses of ${field(data, 'has')}, and pod_subnet is ${field(data, 'wanted')}`,
        remedy: `set pod_subnet to ${field(data, 'has')}; Calico heeds another only when it starts for the first time`,
      }),
      'other-cni': data => ({
        what: `the pod network of this cluster is ${field(data, 'has')}, and another is wanted beside it`,
        remedy: `set cni to ${field(data, 'has')}, or make the cluster anew: playbooks/reset.yml first`,
      }),
      'other-install': data => ({
        what: `Calico was installed by its ${field(data, 'has')}, and calico_install is ${field(data, 'wanted')}`,
        remedy: `set calico_install to ${field(data, 'has')}, or make the cluster anew: playbooks/reset.yml first`,
      }),
    },
  },
})

/** The operator keeps Calico in a namespace of its own, the manifest in kube-system. */
const installerOf = (namespaces: readonly string[]): 'manifest' | 'operator' | undefined => {
  if (namespaces.includes('calico-system')) return 'operator'
  return namespaces.includes('kube-system') ? 'manifest' : undefined
}

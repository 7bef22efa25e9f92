import { type RoleStep, step, type View } from '../../engine/core/role.js'
import { isControlPlane, type PodNetwork } from '../shared/cluster.js'
import { eachNetwork } from '../shared/networks.js'
import type { Params } from './params.js'

/**
 * The ports by who listens on them. 10257 and 10259 listen on the loopback only, and need no opening. Source:
 * kubernetes.io, «Ports and Protocols».
 */
const controlPlanePorts = ['6443/tcp', '2379-2380/tcp']
const nodePorts = ['10250/tcp', '10256/tcp', '30000-32767/tcp', '30000-32767/udp']
/** Calico: BGP, VXLAN, Typha (docs.tigera.io, «System requirements»). Flannel: VXLAN on the kernel's own port. */
const networkPorts: { readonly [network in PodNetwork]: readonly string[] } = {
  calico: ['179/tcp', '4789/udp', '5473/tcp'],
  flannel: ['8472/udp'],
  none: [],
}
/** The ports by which MetalLB's speakers find each other (metallb.io, «Requirements»). */
const metalLbPorts = ['7472/tcp', '7946/tcp', '7946/udp']

/** Opens the ports of the cluster in an existing firewall, and lets the pods' traffic pass. */
export const firewallOpen = (p: Params, view: View): RoleStep =>
  step('ports of the cluster', 'firewall_open', {
    ports: [...(isControlPlane(view) ? controlPlanePorts : []), ...nodePorts, ...networkPorts[p.cni], ...metalLbPorts],
    // IPIP
    protocols: p.cni === 'calico' ? ['ipip'] : [],
    sources: [...eachNetwork(p.pod_subnet)],
  })

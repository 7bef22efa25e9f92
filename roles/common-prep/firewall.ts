import { type RoleStep, step, type View } from '../../engine/core/role.js'
import { isControlPlane } from '../shared/cluster.js'
import { isThere } from '../shared/registers.js'
import type { Params } from './params.js'

/** Ports by who listens. 10257 and 10259 listen on the loopback alone and need no opening. Source: kubernetes.io, «Ports and Protocols». */
const controlPlanePorts = ['6443/tcp', '2379:2380/tcp']
const nodePorts = ['10250/tcp', '10256/tcp', '30000:32767/tcp', '30000:32767/udp']
/** BGP, VXLAN, Typha. Source: docs.tigera.io, «System requirements». */
const calicoPorts = ['179/tcp', '4789/udp', '5473/tcp']

const ports = (view: View): readonly string[] => [
  ...(isControlPlane(view) ? controlPlanePorts : []),
  ...nodePorts,
  ...calicoPorts,
]

/**
 * Opens a firewall that is there for what the cluster needs, and lets the pods' traffic pass through. Each rule is asked for first,
 * so that nothing is done twice.
 */
export const firewallOpen = (p: Params, view: View): readonly RoleStep[] => [
  step('ufw: ports of the cluster', 'shell', ufw(p, view), { when: isThere('ufw_unit') }),
  step('firewalld: ports of the cluster', 'shell', firewalld(p, view), { when: isThere('firewalld_unit') }),
]

const ufw = (p: Params, view: View) => ({
  cmd: [
    ...ports(view).map(port => `ufw allow ${port}`),
    `ufw route allow from ${p.pod_subnet}`,
    `ufw route allow to ${p.pod_subnet}`,
  ].join(' && '),
  unless: `rules=$(ufw show added) && for r in ${ports(view)
    .map(port => `'ufw allow ${port}'`)
    .join(
      ' ',
    )} 'ufw route allow from ${p.pod_subnet}' 'ufw route allow to ${p.pod_subnet}'; do printf '%s\\n' "$rules" | grep -qxF "$r" || exit 1; done`,
})

const firewalld = (p: Params, view: View) => {
  const list = ports(view).map(port => port.replace(':', '-'))
  return {
    cmd: [
      `firewall-cmd --permanent ${list.map(port => `--add-port=${port}`).join(' ')} --add-protocol=ipip`,
      `firewall-cmd --permanent --zone=trusted --add-source=${p.pod_subnet}`,
      'firewall-cmd --reload',
    ].join(' && '),
    unless: `for port in ${list.join(' ')}; do firewall-cmd -q --query-port=$port || exit 1; done; firewall-cmd -q --zone=trusted --query-source=${p.pod_subnet}`,
  }
}

import type { Plan } from '../../../core/module.js'
import type { JoinSettings } from '../kubeadm-config.js'
import type { JoinSeen } from './join-state.js'

export type JoinChange =
  | { readonly kind: 'reset-partial'; readonly summary: string }
  | { readonly kind: 'join'; readonly summary: string; readonly machineId: string }
  | { readonly kind: 'register'; readonly summary: string }

/**
 * A machine has joined when it belongs to the cluster at this endpoint, waits for nothing, and the Node of its name is this very
 * machine. A file alone says nothing: kubelet.conf outlives its cluster.
 */
export const planJoin = (p: JoinSettings, seen: JoinSeen): Plan<JoinChange> => {
  const join: JoinChange = {
    kind: 'join',
    machineId: seen.machineId,
    summary: `kubeadm join ${p.control_plane_endpoint} as ${p.node_name}`,
  }
  const again: Plan<JoinChange> = {
    changes: [{ kind: 'reset-partial', summary: 'take away what an interrupted kubeadm join of tkplay left' }, join],
  }
  if (!seen.kubeletConf && !seen.bootstrapConf && !seen.ca) return { changes: [join] }
  if (!seen.kubeletConf || seen.bootstrapConf) return seen.marker ? again : { refused: 'partial', data: {} }
  // The unit that runs kubeadm takes the note away when it has gone well, so this join has not.
  if (seen.marker && seen.node?.said !== 'there') return again
  if (seen.server !== `https://${p.control_plane_endpoint}`) {
    return { refused: 'other-cluster', data: { server: seen.server ?? '', wanted: p.control_plane_endpoint } }
  }
  const { node } = seen
  switch (node?.said) {
    case 'there':
      if (node.machineId === '' || node.machineId === seen.machineId) return { changes: [] }
      return { refused: 'name-taken', data: { node: p.node_name } }
    case 'absent':
      return { changes: [{ kind: 'register', summary: `register the Node ${p.node_name} again: restart the kubelet` }] }
    case 'stranger':
      return { refused: 'other-cluster', data: { server: seen.server, error: node.error } }
    default:
      return {
        needs: `an API server that answers at ${p.control_plane_endpoint}`,
        remedy: `see that it runs and is reached from this host, where kubectl says: ${node?.error ?? ''}`,
      }
  }
}

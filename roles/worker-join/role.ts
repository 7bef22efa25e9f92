import type { JsonObject, JsonSchema } from '../../engine/core/json.js'
import { defineRole, step, type View } from '../../engine/core/role.js'
import { isControlPlane, nodeAddress, nodeName } from '../shared/cluster.js'
import { kubeletFindings, kubeletSettings } from '../shared/kubelet-settings.js'
import { parameters, shared } from '../shared/properties.js'

interface Params {
  readonly control_plane_endpoint: string
  readonly kubeadm_ignore_preflight_errors: readonly string[]
  readonly kubeadm_join: JsonObject
  readonly kubeadm_kubelet: JsonObject
  readonly node_name: string
  readonly node_address: string
}

const properties = {
  control_plane_endpoint: shared.control_plane_endpoint,
  kubeadm_ignore_preflight_errors: shared.kubeadm_ignore_preflight_errors,
  kubeadm_join: {
    type: 'object',
    default: {},
    description: 'More of JoinConfiguration, merged in; null takes a key out.',
  },
  kubeadm_kubelet: shared.kubeadm_kubelet,
  node_name: shared.node_name,
  node_address: shared.node_address,
} satisfies { readonly [name in keyof Params]: JsonSchema }

/** A worker. Seed: «Worker Node 추가 (Join)». */
export default defineRole<Params>({
  name: 'worker-join',
  doc: 'Joins a worker to the cluster, and waits until its Node is Ready.',
  params: parameters(properties),
  steps: (p, view) => (isControlPlane(view) ? [] : join(p, view)),
  preflight: (_p, view) => (isControlPlane(view) ? [] : kubeletFindings(view)),
})

const join = (p: Params, view: View) => {
  const name = nodeName(view.host)
  return [
    step('kubeadm join', 'kubeadm_join', {
      control_plane_endpoint: p.control_plane_endpoint,
      node_name: name,
      node_address: nodeAddress(view.host) ?? view.host.address,
      ignore_preflight_errors: p.kubeadm_ignore_preflight_errors,
      join: p.kubeadm_join,
    }),
    // A kubelet may read its own Node, so no control plane is needed.
    step('the Node is Ready', 'kube_wait', {
      for: [{ kind: 'Node', name, fresh: true }],
      kubeconfig: '/etc/kubernetes/kubelet.conf',
      timeout: 180,
    }),
    kubeletSettings(p.kubeadm_kubelet, p.kubeadm_join, view),
  ]
}

import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type JsonObject } from '../../engine/core/json.js'
import { type Finding, type RoleStep, step, type View } from '../../engine/core/role.js'
import { controlPlanes, nodeName } from './cluster.js'

/**
 * The kubelet of this node with the cluster's settings; one node at a time, so that no more than one is without its kubelet.
 * @param told what kubeadm was told beside, when the node came to the cluster: the folder of its patches is in it
 */
export const kubeletSettings = (settings: JsonObject, told: JsonObject, view: View): RoleStep => {
  const patches = isJsonObject(told['patches']) ? told['patches']['directory'] : undefined
  return step(
    "the kubelet has the cluster's settings",
    'kubelet_config',
    {
      settings,
      node_name: nodeName(view.host),
      ...(typeof patches === 'string' ? { patches } : {}),
      // With a limit the control plane may not have its turn before.
      ...(view.host.variable('ansible_limit') === undefined ? {} : { brought_in_run: false }),
    },
    { throttle: 1 },
  )
}

/** kubelets of a cluster have one configuration: a host with settings of its own would wait for them in vain. */
export const kubeletFindings = (view: View): readonly Finding[] => {
  const [first] = controlPlanes(view)
  const own = view.host.variable('kubeadm_kubelet')
  if (first === undefined || own === undefined) return []
  if (isDeepStrictEqual(own, first.variable('kubeadm_kubelet') ?? {})) return []
  return [
    {
      level: 'error',
      host: view.host.name,
      what: `its kubeadm_kubelet is another than that of ${first.name}: the kubelets of a cluster share one configuration`,
      remedy:
        'set kubeadm_kubelet for all hosts; what one node is to have alone comes by patches of kubeadm (kubeadm_join: patches)',
    },
  ]
}

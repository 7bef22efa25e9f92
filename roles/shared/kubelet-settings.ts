import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type JsonObject } from '../../engine/core/json.js'
import { type Finding, type RoleStep, step, type View } from '../../engine/core/role.js'
import { controlPlanes, nodeName } from './cluster.js'

/**
 * Configures the kubelet of this node; one node at a time, so that at most one is without its kubelet.
 * @param kubeadm the parameters of kubeadm init or join, which may name the folder of its patches
 */
export const kubeletSettings = (settings: JsonObject, kubeadm: JsonObject, view: View): RoleStep => {
  const patches = isJsonObject(kubeadm['patches']) ? kubeadm['patches']['directory'] : undefined
  return step(
    "the kubelet has the cluster's settings",
    'kubelet_config',
    {
      settings,
      node_name: nodeName(view.host),
      ...(typeof patches === 'string' ? { patches } : {}),
      // With --limit the control plane may not run before.
      ...(view.host.variable('ansible_limit') === undefined ? {} : { brought_in_run: false }),
    },
    { throttle: 1 },
  )
}

/** All kubelets of a cluster share one configuration: a host with different settings would wait for them in vain. */
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

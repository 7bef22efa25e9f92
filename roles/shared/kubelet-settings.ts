import type { JsonObject } from '../../engine/core/json.js'
import { type RoleStep, step, type View } from '../../engine/core/role.js'
import { nodeName } from './cluster.js'

/** One node at a time: a kubelet that does not come up is the only one. */
export const kubeletSettings = (settings: JsonObject, view: View): readonly RoleStep[] =>
  Object.keys(settings).length === 0
    ? []
    : [
        step(
          "the kubelet has the cluster's settings",
          'kubelet_config',
          { settings, node_name: nodeName(view.host) },
          { throttle: 1 },
        ),
      ]

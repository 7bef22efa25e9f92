import { isJsonObject, type Json } from '../../../core/json.js'
import { defineModule } from '../../../core/module.js'
import { field } from '../../support/message-data.js'
import { bool, int, object, oneOf, path, str } from '../../support/schema.js'
import { adminConf } from '../paths.js'
import { loginRemedy, refusesLogin } from '../registry-auth.js'
import { type WaitSeen, waitProbe } from './wait-probe.js'
import { excuseOf, isSilent, podReasons, type Target, titleOf, unready, waitKinds } from './wait-target.js'

interface Params {
  readonly for: readonly Target[]
  readonly if_present: boolean
  readonly give_up: 'fail' | 'go_on'
  readonly silent_nodes: 'wait' | 'leave_out'
  readonly timeout: number
  readonly kubeconfig: string
}

/** Waiting for the cluster. Source: kubectl rollout status, kubectl wait. */
export const kubeWait = defineModule<Params, WaitSeen, never>({
  name: 'kube_wait',
  kind: 'wait',
  doc: `Waits until objects of the cluster are ready: rollouts, Nodes, Jobs, definitions of kinds, Calico's operator, or the API server itself.

Where all is ready it is one look. Pods on Nodes that the control plane does not hear from hold nobody up: a rollout that lacks nothing
but them is ready. When the time is up, it says what each pod that stands in the way waits for, and its last words.`,
  params: object(
    {
      for: {
        type: 'array',
        minItems: 1,
        description: 'What is to be ready.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['kind'],
          properties: {
            kind: oneOf(
              "The kind; API is the API server itself, TigeraStatus what Calico's operator says of its work.",
              waitKinds,
            ),
            name: str('Its name; a Node without a name stands for all Nodes.'),
            namespace: str('Its namespace.'),
            fresh: bool(
              'Of a Node whose kubelet runs on this machine: only what it has said since it was started counts.',
              false,
            ),
          },
        },
        examples: [[{ kind: 'Deployment', namespace: 'kube-system', name: 'coredns' }]],
      },
      if_present: bool(
        'Wait only where there is a cluster: without the kubeconfig there is nothing to wait for.',
        false,
      ),
      give_up: oneOf(
        'What happens when an API server is still silent then: `go_on` leaves it to the next step to say why.',
        ['fail', 'go_on'],
        'fail',
      ),
      silent_nodes: oneOf(
        'Whether a Node without a name stands for those too that the control plane does not hear from. `leave_out` passes over a Deployment whose only pod is on such a Node, too.',
        ['wait', 'leave_out'],
        'wait',
      ),
      timeout: int('Seconds.', { default: 300, minimum: 1 }),
      kubeconfig: path('The kubeconfig on the host.', { default: adminConf }),
    },
    ['for'],
  ),
  examples: `
- name: nodes are Ready
  kube_wait:
    for: [{kind: Node}]
    timeout: 120
`,

  writes: [],
  probe: p =>
    waitProbe({
      kubeconfig: p.kubeconfig,
      timeout: p.timeout,
      targets: p.for,
      leaveOutSilent: p.silent_nodes === 'leave_out',
      ownApi: p.give_up === 'go_on',
    }),

  plan(p, seen) {
    if (seen.api === 'none') return p.if_present ? { changes: [] } : { needs: 'a running API server' }
    // A look that was no wait must not count as one: the engine then waits.
    if (seen.api === 'silent' && seen.waited && p.give_up === 'go_on') return { changes: [] }
    const waited = seen.waited ? { seconds: p.timeout } : {}
    if (seen.api === 'silent') return { refused: 'silent', data: { ...waited, why: seen.why } }
    const waiting = p.for.flatMap(target => reasons(p, target, seen))
    if (waiting.length === 0) return { changes: [] }
    const nodes = seen.nodes.length === 0 ? [] : unready({ kind: 'Node' }, seen.nodes)
    const data = {
      waiting,
      nodes,
      pods: podReasons(seen.pods),
      logs: seen.logs,
      for: p.for.map(titleOf),
      ...waited,
    }
    return { refused: 'not-ready', data }
  },

  async apply() {
    // A wait never changes anything: its plan has no changes.
  },

  messages: {
    codes: {
      silent: data => ({
        what: `the API server does not answer${isGlance(data) ? '' : ` after ${field(data, 'seconds')} s`}: ${field(data, 'why')}`,
        remedy: 'look at it on the control plane: `crictl ps -a`, `journalctl -u kubelet -n 50`',
      }),
      'not-ready': data => ({
        what: [
          `${isGlance(data) ? '' : `after ${field(data, 'seconds')} s: `}${field(data, 'waiting')}`,
          ...lines(data, 'nodes'),
          ...lines(data, 'pods'),
          ...lines(data, 'logs'),
        ].join('\n'),
        remedy: isGlance(data)
          ? 'look again in a while: `check` looks once, and `run` waits for it'
          : refusesLogin(field(data, 'pods'))
            ? loginRemedy
            : 'mend what the pods name (an image that cannot be pulled, a node that is not Ready), then run again',
      }),
    },
  },
})

const reasons = (p: Params, target: Target, seen: WaitSeen): readonly string[] => {
  if (target.fresh === true && target.name !== undefined && seen.stale.includes(target.name))
    return [`${titleOf(target)}: its kubelet has not reported since it was started`]
  if (seen.excused.includes(excuseOf(target))) return []
  const heard = seen.objects.filter(object => object['kind'] !== 'Node' || !isSilent(object))
  return unready(target, target.name === undefined && p.silent_nodes === 'leave_out' ? heard : seen.objects)
}

/** A dry run looks once, and has no seconds to speak of. */
const isGlance = (data: Json): boolean => field(data, 'seconds') === ''

/** A list as lines of its own. */
const lines = (data: Json, key: string): readonly string[] => {
  const value = isJsonObject(data) ? data[key] : undefined
  return (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string' && one !== '') as string[]
}

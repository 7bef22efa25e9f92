import { type Change, defineModule } from '../../../core/module.js'
import { field } from '../../support/message-data.js'
import { bool, int, object, oneOf, path, str } from '../../support/schema.js'
import { kubectlArgv } from '../kubectl.js'
import { kubectlMessages } from '../kubectl-output.js'
import { adminConf } from '../paths.js'
import { nodeProperties } from '../schema.js'
import { drainArgv, drainFailure } from './node-drain.js'
import { type NodeState, nodeState } from './node-state.js'

interface Params {
  readonly name: string
  readonly state: 'absent' | 'free'
  readonly drain: boolean
  readonly timeout: number
  readonly machine_id: string
  readonly address: string
  readonly kubeconfig: string
}

type KubeNode = Change & { readonly kind: 'drain' | 'delete' }

/** A Node of the cluster, by kubectl. Source: kubernetes.io, «Safely Drain a Node». */
export const kubeNode = defineModule<Params, NodeState, KubeNode>({
  name: 'kube_node',
  kind: 'state',
  affects: 'cluster',
  doc: `Takes a Node out of the cluster, or looks whether a machine may take its name.

It is for a control plane (\`delegate_to\`). \`state: absent\` moves the Node's pods away and deletes it; where the control plane does
not hear from the Node, nobody could move them, and it is only deleted. \`state: free\` leaves it as it is. Both refuse where another machine has the name. Where there is no cluster
there is nothing to do.`,
  params: object(
    {
      // It stands in an URL as it is.
      name: { ...nodeProperties['node_name'], description: 'The name of the Node.', examples: ['node2'] },
      state: oneOf('Gone from the cluster, or free for this machine to take.', ['absent', 'free'], 'absent'),
      drain: bool('Move its pods away before it is deleted.', true),
      timeout: int('Seconds that its pods have to be gone.', { default: 300, minimum: 1 }),
      machine_id: str('The machine-id of the machine that is meant: a Node of another one is left alone.', {
        default: '',
      }),
      address: str('Its address in the cluster, by which a clone with the same machine-id is told.', { default: '' }),
      kubeconfig: path('The kubeconfig on the host.', { default: adminConf }),
    },
    ['name'],
  ),
  examples: `
- name: node3 leaves the cluster
  kube_node:
    name: node3
    timeout: 120
  delegate_to: node1
`,

  writes: ({ state }) => (state === 'free' ? [] : undefined),
  probe: p => nodeState(p.kubeconfig, p.name),

  plan(p, seen) {
    if (seen.there === false) return { changes: [] }
    if (seen.there === 'perhaps') {
      // What begins the control plane, or waits for it, may be yet to come: then the join itself checks the name.
      if (p.state === 'free') return { changes: [] }
      return { needs: 'an API server that answers', remedy: `see why it does not: ${seen.why}` }
    }
    const isOther = p.machine_id !== '' && seen.machineId !== '' && seen.machineId !== p.machine_id
    const isClone = seen.ready && p.address !== '' && seen.address !== '' && seen.address !== p.address
    if (isOther || isClone) {
      const why = isOther ? 'machine' : 'clone'
      return { refused: 'name-taken', data: { node: p.name, address: seen.address, why } }
    }
    if (p.state === 'free') return { changes: [] }
    const drain: KubeNode = { kind: 'drain', summary: `move the pods of ${p.name} to other Nodes` }
    const remove: KubeNode = {
      kind: 'delete',
      summary: `delete the Node ${p.name}${seen.heard ? '' : ', which the control plane does not hear from'}`,
    }
    return { changes: p.drain && seen.heard ? [drain, remove] : [remove] }
  },

  async apply(change, p, host) {
    if (change.kind === 'drain') await host.run(drainArgv(p.kubeconfig, p.name, p.timeout))
    else await host.run(kubectlArgv(p.kubeconfig, 'delete', 'node', p.name, '--ignore-not-found'))
  },

  messages: {
    codes: {
      ...kubectlMessages.codes,
      'name-taken': data => ({
        what: `the Node ${field(data, 'node')} is another machine${field(data, 'address') === '' ? '' : ` (${field(data, 'address')})`}${field(data, 'why') === 'clone' ? ', which runs, with the machine-id of this one' : ': its machine-id is not this one’s'}`,
        remedy: `give this host a hostname and a machine-id of its own; ${field(data, 'why') === 'clone' ? `if it is this host after all: node_address: ${field(data, 'address')}` : `if that machine is gone for good: kubectl delete node ${field(data, 'node')}`}`,
      }),
      'not-drained': data => ({
        what: `pods of ${field(data, 'node')} are still there: ${field(data, 'pods')}`,
        remedy:
          'give them more time, or see what holds them (a PodDisruptionBudget: kubectl get pdb -A); if the Node is to stay: kubectl uncordon',
      }),
    },
    diagnose: output => drainFailure(output) ?? kubectlMessages.diagnose?.(output),
  },
})

import { TkplayError } from '../../../core/failure.js'
import { defineModule, type Session } from '../../../core/module.js'
import { sh } from '../../../shell/quote.js'
import { field } from '../../support/message-data.js'
import { object } from '../../support/schema.js'
import { asFile, type JoinSettings, joinDocument } from '../kubeadm-config.js'
import { kubeadmMessages } from '../kubeadm-messages.js'
import { kubectl } from '../kubectl.js'
import { joinConfig, joinMarker, kubeletConf, runDir, stateDir } from '../paths.js'
import { initProperties, nodeProperties } from '../schema.js'
import { requireCri } from './cri.js'
import { withEvidence } from './evidence.js'
import { type JoinChange, planJoin } from './join-plan.js'
import { type JoinSeen, joinState } from './join-state.js'
import { joinTicket } from './join-ticket.js'
import { kubeadmReset } from './reset-command.js'
import { staleNode } from './stale-node.js'

interface Params extends JoinSettings {
  readonly control_plane: string
}

/** A worker of a cluster. Source: `kubeadm join --help`, cmd/kubeadm/app/cmd/join.go. */
export const kubeadmJoin = defineModule<Params, JoinSeen, JoinChange>({
  name: 'kubeadm_join',
  kind: 'state',
  affects: 'cluster',
  doc: `Joins a machine to a cluster as a worker.

The token is made on a healthy control plane when the first machine of a run joins, lives for 15 minutes, is handed over in a file
on a tmpfs, and is deleted at the end of the run. A machine has joined when it belongs to the cluster at the endpoint and the Node of its
name is this very machine. What an interrupted run of tkplay left is taken away first; anything else that is half there is refused.`,
  params: object(
    {
      control_plane_endpoint: initProperties['control_plane_endpoint'] ?? {},
      ...nodeProperties,
      join: { type: 'object', default: {}, description: 'More of JoinConfiguration (v1beta4), merged in.' },
      control_plane: {
        type: 'string',
        default: 'control_plane',
        description: 'Where the token is made, as a host pattern: on the first healthy one.',
      },
    },
    ['control_plane_endpoint', 'node_name', 'node_address'],
  ),
  examples: `
- name: worker
  kubeadm_join:
    control_plane_endpoint: cluster-endpoint:6443
    node_name: node2
    node_address: 192.0.2.12
`,

  probe: p => joinState(p.node_name),

  plan: planJoin,

  async apply(change, p, host) {
    switch (change.kind) {
      case 'reset-partial':
        return kubeadmReset(host, p.cri_socket)
      case 'join':
        return join(p, change.machineId, host)
      case 'register':
        return register(p, host)
    }
  },

  messages: {
    ...kubeadmMessages,
    codes: {
      ...kubeadmMessages.codes,
      'other-cluster': data => ({
        what: `this machine belongs to another cluster: its kubelet.conf names ${field(data, 'server')}${field(data, 'error') === '' ? '' : `, and there ${field(data, 'error')}`}`,
        remedy: 'if that cluster may lose it, run playbooks/reset.yml for this host alone (-l), then run again',
      }),
      partial: () => ({
        what: 'a join that tkplay did not begin was cut off here',
        remedy: 'run playbooks/reset.yml for this host alone (-l), then run again',
      }),
      'name-taken': data => ({
        what: `the Node ${field(data, 'node')} is another machine: its machine-id is not this one's`,
        remedy: `give this host a hostname and a machine-id of its own; if that machine is gone for good: kubectl delete node ${field(data, 'node')}`,
      }),
    },
  },
})

const join = async (p: Params, machineId: string, host: Session): Promise<void> => {
  await requireCri(host, p.cri_socket)
  if ((await host.shared(staleNode(p.control_plane, p.node_name, machineId))) === 'another machine') {
    throw new TkplayError({ kind: 'refused', code: 'name-taken', data: { node: p.node_name } })
  }
  const ticket = await host.shared(joinTicket(p.control_plane))
  await host.run(['mkdir', '-p', '-m', '0700', runDir, stateDir])
  await host.put(joinConfig, asFile([joinDocument(p, ticket)]), { mode: 0o600 })
  await host.put(joinMarker, 'started\n', { mode: 0o600 })
  // The unit itself takes the file away: it may outlive the client that wrote it.
  const script = sh`kubeadm join --config ${joinConfig}; rc=$?; rm -f ${joinConfig}; [ $rc != 0 ] || rm -f ${joinMarker}; exit $rc`
  await withEvidence(host, p.cri_socket, () => host.long('kubeadm-join', ['sh', '-c', script]))
  await nodeAppears(p, host)
}

/** A kubelet registers its Node only when it starts. */
const register = async (p: Params, host: Session): Promise<void> => {
  await host.run(['systemctl', 'restart', 'kubelet'])
  await nodeAppears(p, host)
}

/** kubeadm is content with the kubelet's certificate; the Node comes a moment later. The kubelet's own rights let it be seen. */
const nodeAppears = async (p: Params, host: Session): Promise<void> => {
  await host.shell(
    sh`n=0; until ${kubectl(kubeletConf)} get --raw ${`/api/v1/nodes/${p.node_name}`} >/dev/null; do n=$((n+1)); [ $n -lt 60 ] || exit 1; sleep 1; done`,
    { timeout: 600_000 },
  )
}

import { isJsonObject, type Json } from '../../../core/json.js'
import { all, defineModule, type Session } from '../../../core/module.js'
import { sh } from '../../../shell/quote.js'
import { field } from '../../support/message-data.js'
import { object } from '../../support/schema.js'
import { initApi, initFiles } from '../init-state.js'
import { asFile, type InitSettings, initDocuments } from '../kubeadm-config.js'
import { kubeadmMessages } from '../kubeadm-messages.js'
import { initConfig, initMarker, stateDir } from '../paths.js'
import { initProperties, nodeProperties } from '../schema.js'
import { applyLater, proxyMessage } from '../settings/later-apply.js'
import { requireCri } from './cri.js'
import { withEvidence } from './evidence.js'
import { type InitChange, type InitSeen, planInit, skippedByUser } from './init-plan.js'
import { kubeadmReset } from './reset-command.js'

/** kubeadm's phases up to a control plane that answers; what follows them can be run again at any time. */
const untilReady = ['preflight', 'certs', 'kubeconfig', 'etcd', 'control-plane', 'kubelet-start', 'wait-control-plane']
const afterReady = [
  'upload-config',
  'upload-certs',
  'mark-control-plane',
  'bootstrap-token',
  'kubelet-finalize',
  'addon',
]

/** The first control plane of a cluster. Source: `kubeadm init --help`, cmd/kubeadm/app/cmd/init.go. */
export const kubeadmInit = defineModule<InitSettings, InitSeen, InitChange>({
  name: 'kubeadm_init',
  kind: 'state',
  affects: 'cluster',
  refusesFirst: ['other-cluster', 'other-version', 'other-settings', 'worker'],
  doc: `Makes a machine the first control plane of a cluster.

Knows where an earlier attempt stands: a finished control plane is left alone, one whose API server answers is finished, and what an
interrupted run of tkplay left is taken away first if its API server was never ready. Everything else is refused with its reason.
Settings that a cluster cannot change any more (its networks, its endpoint) are compared, and refused where they differ. What is given for
kubelets and kube-proxy is laid over what the cluster has: kube-proxy's pods are replaced, and kubelets take it by \`kubelet_config\`, node by node.`,
  params: object({ ...initProperties, ...nodeProperties }, [
    'kubernetes_version',
    'control_plane_endpoint',
    'node_name',
    'node_address',
  ]),
  examples: `
- name: first control plane
  kubeadm_init:
    kubernetes_version: '1.34.4'
    control_plane_endpoint: cluster-endpoint:6443
    node_name: node1
    node_address: 192.0.2.11
    kubelet: {maxPods: 200}
`,

  probe: p => all<InitSeen>({ files: initFiles, api: initApi(p.node_name) }),

  plan: planInit,

  async apply(change, p, host) {
    switch (change.kind) {
      case 'reset-partial':
        return kubeadmReset(host, p.cri_socket)
      case 'init': {
        await requireCri(host, p.cri_socket)
        await writeConfig(p, host)
        await host.put(initMarker, 'started\n', { mode: 0o600 })
        return kubeadm(
          p,
          host,
          // A failure shows the first line as the command.
          sh`kubeadm init --config ${initConfig} --skip-token-print --skip-phases=${skip(p, afterReady)} || exit
set -e
printf 'api-ready\n' > ${initMarker}
kubeadm init --config ${initConfig} --skip-token-print --skip-phases=${skip(p, untilReady)}
rm -f ${initMarker}`,
        )
      }
      case 'kubelet-settings':
      case 'proxy-settings':
        // The configuration of init is written anew: kubeadm validates it before the cluster gets any of it.
        await writeConfig(p, host)
        return applyLater(change, host)
      case 'resume':
        await writeConfig(p, host)
        return kubeadm(
          p,
          host,
          sh`kubeadm init --config ${initConfig} --skip-token-print --skip-phases=${skip(p, untilReady)} && rm -f ${initMarker}`,
        )
    }
  },

  messages: {
    ...kubeadmMessages,
    codes: {
      ...kubeadmMessages.codes,
      'other-cluster': data => ({
        what: `the cluster that is here was made with other settings: ${differencesText(data)}`,
        remedy:
          'give these variables the values that the cluster has; a cluster cannot change them (reset.yml makes room for another)',
      }),
      'other-version': data => ({
        what: `the cluster is of Kubernetes ${field(data, 'has')}, wanted ${field(data, 'wanted')}`,
        remedy: `set kubernetes_version to ${field(data, 'has')}; another version takes an upgrade, node by node: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/`,
      }),
      'other-settings': data => ({
        what: `the cluster has other settings than the variables, and would keep them: ${differencesText(data)}`,
        remedy:
          'give these variables what the cluster has, or change the cluster first: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/',
      }),
      'proxy-settings': proxyMessage,
      worker: () => ({
        what: 'this machine is a worker of a cluster',
        remedy: 'move it to the group workers, or run playbooks/reset.yml for this host alone (-l) first',
      }),
      broken: data => {
        const causes = causesIn(data)
        return {
          what: [
            `the control plane is there, but its API server does not answer: ${field(data, 'why')}`,
            ...causes.map(cause => field(cause, 'what')),
          ].join('\n'),
          remedy:
            field(causes[0] ?? {}, 'remedy') ||
            'look at it on this host: `crictl ps -a`, `journalctl -u kubelet -n 50`',
        }
      },
      partial: data => ({
        what: `an unfinished kubeadm init is here (${field(data, 'has')})${field(data, 'wasReady') === 'true' ? '; its API server had been ready' : ', and it was not begun by tkplay'}`,
        remedy:
          'if nothing on this machine is needed, run playbooks/reset.yml for this host alone (-l), then run again',
      }),
    },
  },
})

const writeConfig = async (p: InitSettings, host: Session): Promise<void> => {
  await host.run(['mkdir', '-p', '-m', '0700', stateDir])
  await host.put(initConfig, asFile(initDocuments(p)), { mode: 0o600 })
  await host.run(['kubeadm', 'config', 'validate', '--config', initConfig])
}

const kubeadm = async (p: InitSettings, host: Session, script: string): Promise<void> => {
  await withEvidence(host, p.cri_socket, () => host.long('kubeadm-init', ['sh', '-c', script]))
}

const skip = (p: InitSettings, phases: readonly string[]): string =>
  [...phases, 'show-join-command', ...skippedByUser(p)].join(',')

const differencesText = (data: Json): string => {
  const list = isJsonObject(data) && Array.isArray(data['differences']) ? data['differences'] : []
  return list.map(one => `${field(one, 'variable')} is ${field(one, 'has')}, wanted ${field(one, 'want')}`).join('; ')
}

const causesIn = (data: Json): readonly Json[] =>
  isJsonObject(data) && Array.isArray(data['causes']) ? data['causes'] : []

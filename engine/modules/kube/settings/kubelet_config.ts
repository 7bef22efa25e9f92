import { ApplyFailed, TkplayError } from '../../../core/failure.js'
import type { Json, JsonObject } from '../../../core/json.js'
import { all, type Change, defineModule, type Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { field } from '../../support/message-data.js'
import { bool, int, object, str } from '../../support/schema.js'
import { kubeadmMessages } from '../kubeadm-messages.js'
import { nodeProperties } from '../schema.js'
import { bringScript } from './kubelet-bring.js'
import { type KubeletSeen, kubeletSeen, planKubelet } from './kubelet-plan.js'
import { saidByScript } from './script-words.js'
import { settingsTakenBack } from './settings-back.js'

interface Params {
  readonly settings: JsonObject
  readonly node_name: string
  readonly patches: string
  readonly brought_in_run: boolean
  readonly timeout: number
  readonly control_plane: string
}

export type KubeletConfig = Change & {
  readonly kind: 'bring'
  /** Of the cluster's settings as they were read. */
  readonly sha256: string
  /** Settings that are wanted and that the cluster has otherwise: they were to come before this step's turn. */
  readonly lacks: string
}

/** A node's kubelet with the cluster's settings. Source: kubernetes.io, «Reconfiguring a kubeadm cluster». */
export const kubeletConfig = defineModule<Params, KubeletSeen, KubeletConfig>({
  name: 'kubelet_config',
  kind: 'state',
  affects: 'cluster',
  doc: `Brings a node's kubelet to settings that came to its cluster after its join.

The settings of a cluster's kubelets are in the ConfigMap kubelet-config, which \`kubeadm_init\` changes. Where a kubelet has others, kubeadm fetches
the ConfigMap; where its file becomes another one by that, the kubelet is restarted, and has to answer and to report. One that does not come up
gets back what it had, and so does the ConfigMap. Use \`throttle: 1\`, so that one node at a time is restarted.

Only \`settings\` and what tkplay brought before are compared: what a node has by hand or by patches of kubeadm stays as it is until then.`,
  params: object(
    {
      settings: {
        type: 'object',
        default: {},
        description: 'What the cluster is to have of KubeletConfiguration, as `kubeadm_init` is told it.',
        examples: [{ maxPods: 200 }],
      },
      node_name: nodeProperties['node_name'] ?? {},
      patches: str("A folder of kubeadm's patches on the host, which change what the node takes.", { default: '' }),
      brought_in_run: bool(
        'The cluster gets the settings earlier in the same run. Without, what the cluster lacks is said at once.',
        true,
      ),
      timeout: int('Seconds that the kubelet has to come up.', { default: 120, minimum: 1 }),
      control_plane: str('Where settings are taken back that a kubelet does not come up with, as a host pattern.', {
        default: 'control_plane',
      }),
    },
    ['node_name'],
  ),
  examples: `
- name: the kubelet has the cluster's settings
  kubelet_config:
    settings: {maxPods: 200}
    node_name: node2
  throttle: 1
`,

  probe: p => all<KubeletSeen>(kubeletSeen(p.patches)),

  plan: planKubelet,

  async apply(change, p, host) {
    if (change.lacks !== '')
      throw new TkplayError({ kind: 'refused', code: 'not-there', data: { lacks: change.lacks } })
    try {
      const script = bringScript({ ...p, node: p.node_name, sha256: change.sha256 })
      await host.long('kubeadm-kubelet-config', ['sh', '-c', script])
    } catch (error) {
      throw error instanceof ApplyFailed ? await explained(error, change, p, host) : error
    }
  },

  messages: {
    ...kubeadmMessages,
    codes: {
      ...kubeadmMessages.codes,
      'not-there': data => ({
        what: `the cluster's kubelets are to have other settings than wanted: ${field(data, 'lacks')}`,
        remedy:
          'run for the control plane too, which brings them (kubeadm_kubelet of all hosts is one); for a single node use patches of kubeadm',
      }),
      changed: () => ({
        what: "the cluster's settings of kubelets became others meanwhile: the kubelet keeps what it has",
        remedy: 'see whether another host says that its kubelet did not come up, then run again',
      }),
      silent: () => ({
        what: 'the API server does not answer: the kubelet keeps what it has',
        remedy: 'see that control_plane_endpoint is reached from this host, then run again',
      }),
      unseen: () => ({
        what: 'the kubelet runs with the new settings, and the API server does not answer: nobody knows whether it reports',
        remedy:
          'see why it is silent (`crictl ps -a` on the control plane), then run again: the kubelet is looked at again',
      }),
      'not-up': data => ({
        what: lines('the kubelet does not come up, with the old settings neither', data),
        remedy: kubeletRemedy,
      }),
      'not-up-back': data => ({
        what: lines(
          `the kubelet does not come up with the new settings; it has the old ones again, and the cluster ${field(data, 'taken') === 'true' ? 'too' : 'keeps the new ones'}`,
          data,
        ),
        remedy: 'correct kubeadm_kubelet, then run again',
      }),
    },
  },
})

const kubeletRemedy = 'read `journalctl -u kubelet -n 50` on the host; most often containerd is down, or swap is on'

const lines = (what: string, data: Json): string => [what, field(data, 'words')].filter(line => line !== '').join('\n')

/** A control plane has taken the settings back itself; a worker asks one to. */
const explained = async (
  error: ApplyFailed,
  { sha256 }: KubeletConfig,
  p: Params,
  host: Session,
): Promise<ApplyFailed> => {
  const heard = saidByScript(text(error.raw.stderr))
  const command = 'kubeadm upgrade node phase kubelet-config'
  if (heard === undefined) return new ApplyFailed(command, error.raw)
  const isBack = heard.word === 'not-up-back'
  const taken =
    isBack &&
    (text(error.raw.stdout).includes('taken back') ||
      (await host.shared(settingsTakenBack(p.control_plane, p.node_name, sha256)).catch(() => false)))
  return new ApplyFailed(command, error.raw, {
    diagnosis: { code: heard.word, data: { words: heard.words, taken: String(taken) } },
  })
}

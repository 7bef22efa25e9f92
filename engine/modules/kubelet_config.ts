import { NotObserved } from '../core/failure.js'
import type { JsonObject } from '../core/json.js'
import { type Change, defineModule } from '../core/module.js'
import { fileText } from '../core/read.js'
import { sh } from '../shell/quote.js'
import { saidShort } from './kube/follow-settings.js'
import { freshFunction } from './kube/heartbeat.js'
import { said } from './kube/kubeadm-messages.js'
import { kubectl } from './kube/kubectl.js'
import { kubeletConf, stateDir } from './kube/paths.js'
import { nodeProperties } from './kube/schema.js'
import { compared, parsed } from './kube/settings-differ.js'
import { clock } from './lib/clock.js'
import { int, object } from './lib/schema.js'

interface Params {
  readonly settings: JsonObject
  readonly node_name: string
  readonly timeout: number
}

type KubeletConfig = Change & { readonly kind: 'renew' }

const file = '/var/lib/kubelet/config.yaml'
const unitName = 'kubelet-config'

/** A node's kubelet with the cluster's settings. Source: kubernetes.io, «Reconfiguring a kubeadm cluster». */
export const kubeletConfig = defineModule<Params, string | undefined, KubeletConfig>({
  name: 'kubelet_config',
  kind: 'state',
  doc: `Brings a node's kubelet to settings that came after its join.

Where its file has others, the settings of the cluster (ConfigMap kubelet-config, which \`kubeadm_init\` keeps) are fetched by kubeadm, the kubelet is
restarted, and its Node is waited for. Where it does not come up, it gets the file of before. Use \`throttle: 1\`, so that one node at a time is restarted.`,
  params: object(
    {
      settings: {
        type: 'object',
        description: 'What of KubeletConfiguration is compared.',
        examples: [{ maxPods: 200 }],
      },
      node_name: nodeProperties['node_name'] ?? {},
      timeout: int('Seconds that the kubelet has to come up.', { default: 120, minimum: 1 }),
    },
    ['settings', 'node_name'],
  ),
  examples: `
- name: the kubelet has the cluster's settings
  kubelet_config:
    settings: {maxPods: 200}
    node_name: node2
  throttle: 1
`,

  writes: [file, stateDir],
  probe: () => fileText(file),

  plan(p, text) {
    if (text === undefined) return { needs: "a kubelet's configuration, which a join brings" }
    if (parsed(text) === undefined) throw new NotObserved(notRead(text), `${file} is not YAML`)
    const others = compared('settings', p.settings, text)
    if (others.length === 0) return { changes: [] }
    return { changes: [{ kind: 'renew', summary: `${saidShort('settings', others)}; restart the kubelet` }] }
  },

  async apply(_change, p, host) {
    await host.long(unitName, ['sh', '-c', renew(p)])
  },

  messages: {
    codes: {
      'not-up': data => ({
        what: [
          'the kubelet does not come up with the new settings, and has the old ones again',
          said(data, 'text'),
        ].join('\n'),
        remedy: 'correct kubeadm_kubelet',
      }),
    },
    diagnose: ({ stderr }) => {
      const [, text] = /tkplay: not up\n([\s\S]*)/.exec(stderr) ?? []
      return text === undefined ? undefined : { code: 'not-up', data: { text: text.trim() } }
    },
  },
})

const notRead = (text: string) => ({ rc: 0, stdout: new TextEncoder().encode(text), stderr: new Uint8Array() })

/** A Node that was not Ready before need not be so after. */
const renew = ({ node_name: node, timeout }: Params): string => {
  const k = kubectl(kubeletConf, 0)
  const before = `${stateDir}/kubelet-config.before`
  return sh`${clock}
${freshFunction(kubeletConf)}
ready() { ${k} wait --for=condition=Ready ${`node/${node}`} --timeout=1s >/dev/null 2>&1; }
was=1; ready || was=0
mkdir -p -m 0700 ${stateDir} && cp -p ${file} ${before} || exit 1
kubeadm upgrade node phase kubelet-config || exit 1
systemctl restart kubelet
end=$(($(now) + ${timeout}))
while [ "$(now)" -lt $end ]; do
  fresh ${node} && { [ $was = 0 ] || ready; } && { rm -f ${before}; exit 0; }
  sleep 1
done
said=$(journalctl -u kubelet -n 30 --no-pager -o cat 2>/dev/null | grep -E ${'^E|err=|rror'} | tail -n 3)
mv ${before} ${file} && systemctl restart kubelet
printf 'tkplay: not up\n%s\n' "$said" >&2
exit 1`
}

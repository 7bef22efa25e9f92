import { type Change, defineModule } from '../../../core/module.js'
import { field } from '../../support/message-data.js'
import { list, object } from '../../support/schema.js'
import { kubeadmMessages } from '../kubeadm-messages.js'
import { nodeProperties } from '../schema.js'
import { type Leftovers, leftovers } from './leftovers.js'
import { filesScript, kubeconfigScript, networkScript, resetScript } from './reset-scripts.js'

interface Params {
  readonly cri_socket: string
  readonly kubectl_users: readonly string[]
}

type KubeadmReset = Change & { readonly kind: 'cluster' | 'network' | 'files' }

/** A machine without its cluster. Source: `kubeadm reset --help`, cmd/kubeadm/app/cmd/phases/reset. */
export const kubeadmResetModule = defineModule<Params, Leftovers, KubeadmReset>({
  name: 'kubeadm_reset',
  kind: 'state',
  affects: 'cluster',
  startsOver: true,
  doc: `Takes a machine out of its cluster, and takes away what kubeadm leaves.

That is Calico's and flannel's links, routes and files, the packet filter chains of kube-proxy, kubelet and these two, pods' logs and
leases of addresses. Only what is known to be the cluster's goes; other rules, other CNI configurations and other kubeconfigs stay, and so
does the data of an etcd that systemd runs. It works without an API server, in bounded time. All data of the cluster on this machine is
lost, that of an etcd in a static pod too.`,
  params: object({
    cri_socket: nodeProperties['cri_socket'] ?? {},
    kubectl_users: list('Users whose ~/.kube/config goes too, where it is for this cluster.', { default: ['root'] }),
  }),
  examples: `
- name: no cluster here any more
  kubeadm_reset:
`,

  probe: () => leftovers,

  plan(_p, { cluster, network, files }) {
    const changes: KubeadmReset[] = []
    if (cluster.length > 0) changes.push({ kind: 'cluster', summary: `kubeadm reset (${shortList(cluster)})` })
    // The kubelet's and kube-proxy's rules are still there after kubeadm reset.
    if (network.length > 0) changes.push({ kind: 'network', summary: `remove ${shortList(network)}` })
    if (files.length > 0 || cluster.length > 0)
      changes.push({
        kind: 'files',
        summary: `remove ${shortList([...files, ...(files.length === 0 ? ['what the kubelet kept'] : [])])}`,
      })
    return { changes }
  },

  async apply(change, p, host) {
    switch (change.kind) {
      case 'cluster':
        await host.shell(kubeconfigScript(p.kubectl_users))
        await host.long('kubeadm-reset', ['sh', '-c', resetScript(p.cri_socket)])
        return
      case 'network':
        await host.shell(networkScript)
        return
      case 'files':
        await host.shell(filesScript)
        return
    }
  },

  messages: {
    ...kubeadmMessages,
    codes: {
      ...kubeadmMessages.codes,
      'no-kubeadm': () => ({
        what: 'a cluster has left things here, but kubeadm is not installed',
        remedy: 'run the role kube-packages on this host, then reset again',
      }),
      runtime: data => ({
        what: `the container runtime does not answer: ${field(data, 'text')}`,
        remedy: 'start it (`systemctl start containerd`), then reset again',
      }),
    },
    diagnose(output) {
      const text = `${output.stderr}\n${output.stdout}`
      if (/kubeadm: (?:command )?not found/.test(text)) return { code: 'no-kubeadm', data: {} }
      const runtime =
        /.*(?:container runtime is not running|could not connect to the container runtime|containerd\.sock: connect).*/.exec(
          text,
        )
      return runtime === null
        ? kubeadmMessages.diagnose?.(output)
        : { code: 'runtime', data: { text: runtime[0].trim() } }
    },
  },
})

const shortList = (items: readonly string[]): string =>
  items.length <= 3 ? items.join(', ') : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`

import { NotObserved } from '../../../core/failure.js'
import type { Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'

/** What a cluster left on a machine, by who can take it away. */
export interface Leftovers {
  /** kubeadm reset's own work: certificates, kubeconfigs, manifests, etcd's and the kubelet's data, what still listens. */
  readonly cluster: readonly string[]
  /** Links, routes, network namespaces, packet filter rules. */
  readonly network: readonly string[]
  /** What kubeadm leaves to the user. */
  readonly files: readonly string[]
}

/** kubeadm reset empties these and keeps the folders. */
const clusterPaths = [
  '/etc/kubernetes/*.conf',
  '/etc/kubernetes/manifests/*.yaml',
  '/etc/kubernetes/pki/*',
  '/etc/kubernetes/tmp/*',
  '/var/lib/kubelet/*',
]

/** An etcd that systemd runs is somebody's own: kubeadm reset would empty its data on any host. */
export const foreignEtcd = '{ systemctl -q is-active etcd || systemctl -q is-enabled etcd; } 2>/dev/null'

/** cni0 is flannel's bridge only where flannel is: others give theirs the same name. */
export const flannelIsHere = '{ [ -e /run/flannel ] || [ -e /etc/cni/net.d/10-flannel.conflist ]; }'

/** As the kernel names them: no more than 15 letters. */
const programs = 'kube-apiserver|kube-controller|kube-scheduler|kube-proxy|kubelet'

/** Files of Calico and flannel, of the CNI plugins' leases and of the pods' logs; of /etc/cni/net.d only what these two write, since podman shares it. */
export const leftPaths = [
  '/etc/cni/net.d/10-calico.conflist',
  '/etc/cni/net.d/calico-kubeconfig',
  '/etc/cni/net.d/10-flannel.conflist',
  '/opt/cni/bin/calico',
  '/opt/cni/bin/calico-ipam',
  '/opt/cni/bin/flannel',
  '/var/lib/calico',
  '/var/lib/cni',
  '/var/run/calico',
  '/run/flannel',
  '/var/log/calico',
  '/var/log/pods',
  '/var/log/containers',
  '/usr/libexec/kubernetes',
  '/var/lib/tkplay/kubernetes',
  '/run/tkplay/kubeadm-join.yaml',
]

/** A sed script for `ip -o link show`: the names of the links that Calico, flannel and kube-proxy make, each behind a word. */
export const linkNames = (word: string): string =>
  `s/^[0-9]+: (vxlan\\.calico|vxlan-v6\\.calico|cali[0-9a-f]+|flannel\\.1|flannel-v6\\.1|kube-ipvs0)[@:].*/${word}\\1/p`

/** Chains and rules are told by these words, which kube-proxy, kubelet, Felix and flanneld put into each of theirs. */
export const filterWords = 'KUBE-|cali-|cali:|FLANNEL-|flanneld'

export const leftovers: Read<Leftovers> = read(
  sh`for f in ${new ShellText(clusterPaths.join(' '))}; do [ -e "$f" ] && printf '%s\n' "cluster $f"; done
${new ShellText(foreignEtcd)} || for f in /var/lib/etcd/*; do [ -e "$f" ] && printf '%s\n' "cluster $f"; done
command -v ss >/dev/null && ss -Hltnp | sed -nE ${`s/.*users:\\(\\("(${programs})",.*/cluster process \\1/p`} | sort -u
for f in ${leftPaths}; do [ -e "$f" ] && printf '%s\n' "files $f"; done
ip -o link show 2>/dev/null | sed -nE ${linkNames('network link ')}
${new ShellText(flannelIsHere)} && ip link show cni0 >/dev/null 2>&1 && echo 'network link cni0'
for f in /run/netns/cni-*; do [ -e "$f" ] && printf '%s\n' "network $f"; done
r=$(ip route show proto 80 2>/dev/null) && [ -n "$r" ] && echo 'network routes of Calico'
for s in iptables ip6tables iptables-legacy ip6tables-legacy; do
  command -v $s-save >/dev/null || continue
  case $s in *legacy) [ -s /proc/net/ip_tables_names ] || [ -s /proc/net/ip6_tables_names ] || continue;; esac
  $s-save 2>/dev/null | grep -qE ${filterWords} && printf '%s\n' "network $s"
done
command -v nft >/dev/null && nft list tables 2>/dev/null | sed -n 's/^table \(ip6\{0,1\}\) kube-proxy$/network nft \1 kube-proxy/p'
command -v ipset >/dev/null && ipset list -n 2>/dev/null | sed -n 's/^cali/network ipset cali/p'
exit 0`,
  answer => {
    if (answer.rc !== 0) throw new NotObserved(answer)
    const lines = text(answer.stdout).split('\n')
    const after = (word: string) =>
      lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1))
    return { cluster: after('cluster'), network: after('network'), files: after('files') }
  },
  { timeout: 20_000 },
)

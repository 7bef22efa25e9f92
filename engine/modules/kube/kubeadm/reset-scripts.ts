import { ShellText, sh } from '../../../shell/quote.js'
import { safePath } from '../../../shell/safe-path.js'
import { adminConf, kubeletConf, runDir } from '../paths.js'
import { filterWords, flannelIsHere, foreignEtcd, leftPaths, linkNames } from './leftovers.js'

const resetConfig = `${runDir}/kubeadm-reset.yaml`

/** Bounded where the API server or etcd is gone: kubeadm would wait a minute for each. */
const resetConfiguration = (criSocket: string, skipPhases: readonly string[] = []) => ({
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  kind: 'ResetConfiguration',
  force: true,
  cleanupTmpDir: true,
  criSocket,
  timeouts: { kubernetesAPICall: '10s', etcdAPICall: '10s' },
  ...(skipPhases.length === 0 ? {} : { skipPhases }),
})

/**
 * Takes a machine out of its cluster. Pods with a network of their own go first, while Calico can still ask the API server to release
 * their addresses; where it is gone its plugin would wait in vain for each, so containerd is told directly.
 */
export const resetScript = (criSocket: string): string => sh`umask 077
systemctl stop kubelet 2>/dev/null
crictl() { command crictl --runtime-endpoint ${criSocket} --timeout 20s "$@" 2>/dev/null; }
own() { for p in $(crictl pods -q); do
  [ "$(crictl inspectp -o go-template --template '{{.status.linux.namespaces.options.network}}' "$p")" = NODE ] || printf '%s\n' "$p"
done; }
drop() { for p in "$@"; do
  for c in $(crictl ps -aq --pod "$p") "$p"; do
    ctr -n k8s.io tasks delete -f "$c" >/dev/null 2>&1
    ctr -n k8s.io containers delete "$c" >/dev/null 2>&1
  done
done; systemctl restart containerd; }
if command -v crictl >/dev/null && crictl info >/dev/null; then
  pods=$(own)
  if [ -n "$pods" ]; then
    if [ -e ${kubeletConf} ] && kubectl --kubeconfig=${kubeletConf} --cache-dir=/dev/null --request-timeout=5s get --raw /healthz >/dev/null 2>&1; then
      for p in $pods; do timeout 20 crictl --runtime-endpoint ${criSocket} rmp -f "$p" >/dev/null 2>&1; done
      pods=$(own)
    fi
    [ -z "$pods" ] || drop $pods
  fi
fi
mkdir -p -m 0700 ${runDir}
if ${new ShellText(foreignEtcd)}; then printf %s ${JSON.stringify(resetConfiguration(criSocket, ['remove-etcd-member']))} > ${resetConfig}
else printf %s ${JSON.stringify(resetConfiguration(criSocket))} > ${resetConfig}; fi
kubeadm reset --config ${resetConfig}; rc=$?
rm -f ${resetConfig}
rm -rf /etc/kubernetes/manifests/* /etc/kubernetes/pki/* /etc/kubernetes/tmp
exit $rc`

/**
 * The packet filter without the chains of kube-proxy, kubelet and the pod network; all other rules and the policies stay as they are, since a
 * flush of everything has cut people off. IPsets can go only after the rules that name them.
 */
export const networkScript: string = sh`for s in iptables ip6tables iptables-legacy ip6tables-legacy; do
  command -v $s-save >/dev/null || continue
  case $s in *legacy) [ -s /proc/net/ip_tables_names ] || [ -s /proc/net/ip6_tables_names ] || continue;; esac
  rules=$($s-save 2>/dev/null) || continue
  printf '%s\n' "$rules" | grep -qE ${filterWords} || continue
  printf '%s\n' "$rules" | grep -vE ${filterWords} | $s-restore || exit 1
done
if command -v nft >/dev/null; then
  for f in ip ip6; do nft list table $f kube-proxy >/dev/null 2>&1 && nft delete table $f kube-proxy; done
fi
if command -v ipset >/dev/null; then for n in $(ipset list -n 2>/dev/null | grep '^cali'); do ipset destroy "$n"; done; fi
ip route flush proto 80 2>/dev/null
for l in $(ip -o link show | sed -nE ${linkNames('')}); do ip link delete "$l"; done
${new ShellText(flannelIsHere)} && ip link delete cni0 2>/dev/null
for f in /run/netns/cni-*; do [ -e "$f" ] && { umount "$f" 2>/dev/null; rm -f "$f"; }; done
exit 0`

/**
 * The kubelet's folder may be a mount point, and so may what is mounted in it: emptied, never removed. /etc/cni/net.d stays: containerd
 * watches it, and would not see what is written into another folder of that name.
 */
export const filesScript: string = sh`rm -rf ${leftPaths}
find /var/lib/kubelet -xdev -mindepth 1 -delete 2>/dev/null
${new ShellText(foreignEtcd)} || { find /var/lib/etcd -xdev -mindepth 1 -delete; rmdir /var/lib/etcd; } 2>/dev/null
rm -rf /var/lib/tkplay/long/kubeadm-*
exit 0`

/**
 * A user's kubeconfig goes only if it is for this cluster: told by its CA, while admin.conf is still there to compare. Where it lies in a folder
 * that is not the user's own, it stays.
 */
export const kubeconfigScript = (users: readonly string[]): string => sh`[ -e ${adminConf} ] || exit 0
ca=$(sed -n 's/^ *certificate-authority-data: //p' ${adminConf})
[ -n "$ca" ] || exit 0
${new ShellText(safePath)}make=
for u in ${users}; do
  home=$(getent passwd "$u" | cut -d: -f6)
  [ -d "$home/.kube" ] || continue
  (
    tk_at "$home/.kube/config"
    [ -f ./config ] && grep -qF "$ca" ./config || exit 0
    rm -f ./config; rm -rf ./cache
    tk_at "$home/.kube"; rmdir "./$n"
  ) 2>/dev/null
done
exit 0`

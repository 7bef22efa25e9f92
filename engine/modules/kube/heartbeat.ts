import { ShellText, sh } from '../../shell/quote.js'
import { kubectl } from './kubectl.js'

/**
 * The shell function `fresh NODE`: whether the kubelet of this machine has reported since it was started. What the Node says may still be of
 * the kubelet before, and one that has just begun calls its Node NotReady for a moment. It renews its Lease and reports the Node's state
 * right after it has begun, by this machine's clock. When it began is told by the clock of then, which systemd wrote down, and by the clock as it
 * is now: where that jumped in between, the earlier one is right, be it before its reports or after them. A kubelet that systemd does not know, or whose times cannot be told, counts as having reported.
 */
export const freshFunction = (kubeconfig: string): ShellText => {
  const k = kubectl(kubeconfig)
  return new ShellText(sh`seconds() { [ -n "$1" ] && date -d "$1" +%s 2>/dev/null; }
fresh() {
  began=$(systemctl show -p ActiveEnterTimestampMonotonic --value kubelet 2>/dev/null)
  case $began in ''|0|*[!0-9]*) return 0 ;; esac
  clock=$(date +%s%N)
  IFS='. ' read -r up hundredths _ 2>/dev/null </proc/uptime || return 0
  age=$((up * 100 + 1$hundredths - 100 - began / 10000))
  [ $age -ge 0 ] || return 0
  began=$(((clock / 10000000 - age) / 100))
  noted=$(seconds "$(TZ=UTC systemctl show -p ActiveEnterTimestamp --value kubelet 2>/dev/null)") && [ "$noted" -lt $began ] && began=$noted
  renewed=$(${k} get --raw "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/$1" 2>/dev/null | sed -n ${fieldIn('renewTime')})
  said=$(${k} get --raw "/api/v1/nodes/$1" 2>/dev/null | sed -n ${readyHeartbeat})
  renewed=$(seconds "$renewed") && said=$(seconds "$said") && [ "$renewed" -gt "$began" ] && [ "$said" -ge "$began" ]
}`)
}

const fieldIn = (key: string): string => String.raw`s/.*"${key}":"\([^"]*\)".*/\1/p`

/** Of the condition Ready the time at which it was reported last. */
const readyHeartbeat = String.raw`s/.*{"type":"Ready"[^}]*"lastHeartbeatTime":"\([^"]*\)".*/\1/p`

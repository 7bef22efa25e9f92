import { ShellText, sh } from '../../shell/quote.js'
import { kubectl } from './kubectl.js'

/**
 * The shell function `fresh NODE`: whether the kubelet of this machine has reported since it was started. What the Node says may still be of
 * the kubelet before, and one that has just begun calls its Node NotReady for a moment. It renews its Lease and reports the Node's state
 * right after it has begun, by this machine's clock. A kubelet that systemd does not know counts as having reported.
 */
export const freshFunction = (kubeconfig: string): ShellText => {
  const k = kubectl(kubeconfig)
  return new ShellText(sh`seconds() { [ -n "$1" ] && date -d "$1" +%s 2>/dev/null; }
fresh() {
  began=$(TZ=UTC systemctl show -p ActiveEnterTimestamp kubelet 2>/dev/null | cut -d= -f2-)
  began=$(seconds "$began") || return 0
  renewed=$(${k} get --raw "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/$1" 2>/dev/null | sed -n ${fieldIn('renewTime')})
  said=$(${k} get --raw "/api/v1/nodes/$1" 2>/dev/null | sed -n ${readyHeartbeat})
  renewed=$(seconds "$renewed") && said=$(seconds "$said") && [ "$renewed" -gt "$began" ] && [ "$said" -ge "$began" ]
}`)
}

const fieldIn = (key: string): string => String.raw`s/.*"${key}":"\([^"]*\)".*/\1/p`

/** Of the condition Ready the time at which it was reported last. */
const readyHeartbeat = String.raw`s/.*{"type":"Ready"[^}]*"lastHeartbeatTime":"\([^"]*\)".*/\1/p`

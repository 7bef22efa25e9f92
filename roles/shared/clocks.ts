import type { Finding, HostView, View } from '../../engine/core/role.js'
import { controlPlanes, fact } from './cluster.js'

/** What a measure over SSH on a busy machine may be wrong by. */
const noticed = 30
/** From here on joins fail: kubeadm dates its CA back by five minutes, and tokens live for fifteen. */
const tooMuch = 300

/** Seconds by which the host's clock is ahead of the controller's, as measured when its facts came in. */
const offsetOf = (host: HostView): number | undefined => {
  const offset = fact(host, 'clock_offset')
  return typeof offset === 'number' ? offset : undefined
}

/**
 * Certificates and tokens are judged by each machine's own clock. Hosts are compared with the first control plane: the controller's clock
 * only serves to measure, so that a controller whose clock is wrong stops nobody.
 */
export const clockFindings = (view: View): readonly Finding[] => {
  const [first] = controlPlanes(view)
  const [own, its] = [offsetOf(view.host), first === undefined ? undefined : offsetOf(first)]
  if (first === undefined || own === undefined || its === undefined) return []
  const skew = Math.round(own - its)
  if (Math.abs(skew) < noticed) return []
  return [
    {
      level: Math.abs(skew) < tooMuch ? 'warning' : 'error',
      host: view.host.name,
      what: `its clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} ${first.name}'s`,
      remedy: 'set the clocks: `timedatectl set-ntp true`, or chrony',
    },
  ]
}

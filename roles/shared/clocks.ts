import type { Finding, HostView, View } from '../../engine/core/role.js'
import { controlPlanes, fact } from './cluster.js'

/** Seconds by which a measurement over SSH on a busy machine may be wrong. */
const noticed = 30
/** Seconds from which joins fail: kubeadm dates its CA back by five minutes, and tokens live for fifteen. */
const tooMuch = 300

/** Seconds by which the host's clock is ahead of the controller's, measured with its facts. */
const offsetOf = (host: HostView): number | undefined => {
  const offset = fact(host, 'clock_offset')
  return typeof offset === 'number' ? offset : undefined
}

/**
 * Each machine checks certificates and tokens by its own clock. Hosts are compared with the first control plane, and
 * the controller's clock only serves to measure: a controller with a wrong clock stops nobody.
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

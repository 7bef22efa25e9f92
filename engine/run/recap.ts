import type { HostRecap } from '../core/event.js'
import type { Host } from './host.js'

export const recapOf = (host: Host, roundTrips: number): HostRecap => ({
  ...host.counts,
  roundTrips,
  ...(host.stopped === undefined ? {} : { stopped: host.stopped }),
})

/** Each with one meaning: see the command line's documentation. A bug outranks all. */
export const exitCodeOf = (
  hosts: readonly HostRecap[],
  how: { readonly interrupted: boolean; readonly check: boolean; readonly bug: boolean },
): number => {
  if (how.bug) return 70
  if (how.interrupted) return 130
  if (hosts.some(host => host.failed > 0)) return 1
  if (hosts.some(host => host.unreachable > 0)) return 3
  return how.check && hosts.some(host => host.wouldChange > 0 || host.unknown > 0) ? 4 : 0
}

import type { HostRecap } from '../core/event.js'
import { exit } from '../core/exit.js'

/**
 * The exit code of a run, the most serious first: a bug, an interrupt, a failure, an unreachable host, pending changes.
 */
export const exitCodeOf = (
  hosts: readonly HostRecap[],
  how: { readonly interrupted: boolean; readonly check: boolean; readonly bug: boolean },
): number => {
  if (how.bug) return exit.bug
  if (how.interrupted) return exit.interrupted
  if (hosts.some(host => host.failed > 0)) return exit.failed
  if (hosts.some(host => host.unreachable > 0)) return exit.unreachable
  return how.check && hosts.some(host => host.wouldChange > 0 || host.unknown > 0) ? exit.pending : exit.ok
}

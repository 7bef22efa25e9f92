import type { Play, RoleNames } from '../../core/step.js'

/** A play as one of its batches sees it. */
export interface PlayHosts {
  readonly play: Play
  /** Hosts of the play; of those, the ones that are still in it; and this batch's. */
  readonly all: readonly string[]
  live(): readonly string[]
  readonly batch: readonly string[]
  /** Its roles as far as they are known: those of includes come as these are reached. */
  readonly roles: Set<RoleNames>
}

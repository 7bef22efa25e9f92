import type { Play, RoleNames } from '../../core/step.js'

/** A play, as one of its batches sees it. */
export interface PlayHosts {
  readonly play: Play
  /** All hosts of the play. `live`: the ones that are still in the play. `batch`: those of this batch. */
  readonly all: readonly string[]
  live(): readonly string[]
  readonly batch: readonly string[]
  /** The roles that are known so far; those of includes are added when these are reached. */
  readonly roles: Set<RoleNames>
}

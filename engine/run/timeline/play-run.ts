import type { Failure } from '../../core/failure.js'
import type { Node, Play, Step } from '../../core/step.js'
import type { Unknown } from '../../core/value.js'
import type { Path } from './path.js'
import type { PlayHosts } from './play-hosts.js'

/** Dry run: a `meta` ends what comes, if what it hangs on turns out so. */
interface ConditionalEnd {
  readonly unknown: Unknown
  /** Where the role stands that it would leave; undefined where it would leave the play. */
  readonly within?: Path
}

/** How many hosts of a play, in its order, are known to bring no more facts than they have; counted anew when some were cleared. */
export interface FactsIn {
  hosts: number
  cleared: number
}

/** What the hosts of a play share while it runs. */
export interface PlayState {
  readonly play: Play
  readonly index: number
  readonly batches: readonly PlayHosts[]
  readonly nodes: readonly Node[]
  readonly failed: Set<string>
  /** `meta: end_host`: no longer in this play. */
  readonly left: Set<string>
  /** `meta: end_play`. */
  ended: boolean
  /** Hosts that fail with another one (any_errors_fatal, max_fail_percentage), as soon as they notice. */
  readonly doomed: Map<string, Failure>
  readonly announced: Set<number>
  readonly factsIn: FactsIn
  /** Dry run: a `meta: end_play` for all that perhaps ends it. */
  readonly conditionalEnds: ConditionalEnd[]
}

/** Uses of roles, by which they are passed over where they come again. */
export interface RoleUses {
  /** Of which steps ran on the host. */
  readonly ran: Set<string>
  /** Dry run: of which steps perhaps ran, with what that hangs on. */
  readonly perhapsRan: Map<string, Unknown>
}

/** One host's part of a play: which batch it is in, and what it will do. */
export interface Stage {
  readonly state: PlayState
  readonly batch: number
  readonly path: Path
  readonly hosts: PlayHosts
  /** Handlers that TypeScript roles brought, in the order in which they were met. */
  readonly roleHandlers: Step[]
  /** Whom a notification means, by its name, as long as no handler comes in. */
  readonly meant: Map<string, readonly Step[]>
  readonly roles: RoleUses
  /** Dry run: what perhaps ends it, or a role in it, for this host. */
  readonly conditionalEnds: ConditionalEnd[]
  /** Dry run: an include or a role was passed over that may have handlers. */
  hidesHandlers: boolean
}

/** Names a batch of a play in events: hosts may be in different ones at a time. */
export const playId = ({ path }: Stage): string => path.join('.')

/** Splits hosts by `serial`: numbers and percentages, the last of which repeats. */
export const batchesOf = (hosts: readonly string[], sizes: readonly number[]): readonly (readonly string[])[] => {
  if (sizes.length === 0) return hosts.length === 0 ? [] : [hosts]
  const batches: (readonly string[])[] = []
  for (let from = 0, at = 0; from < hosts.length; at++) {
    const size = Math.max(1, sizes[Math.min(at, sizes.length - 1)] ?? hosts.length)
    batches.push(hosts.slice(from, from + size))
    from += size
  }
  return batches
}

/** `serial: "30%"` of so many hosts, `serial: 2`; all at once from 0 down. */
export const batchSize = (written: number | string, hosts: number): number => {
  const text = String(written)
  const size = text.endsWith('%') ? Math.floor((hosts * Number(text.slice(0, -1))) / 100) : Number(text)
  return size <= 0 && !text.endsWith('%') ? hosts : Math.max(1, size)
}

/** The step that the engine itself puts before a play's own. */
export const gatherFactsId = (play: Play): string => `${play.inherits.id}/gather-facts`

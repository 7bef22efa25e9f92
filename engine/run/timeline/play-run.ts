import type { Failure } from '../../core/failure.js'
import type { Node, Play, Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { Path } from './path.js'
import type { PlayHosts } from './play-hosts.js'

/** Dry run: a `meta` ends what comes, if what it hangs on turns out so. */
interface ConditionalEnd {
  readonly unknown: Unknown
  /** Where the role stands that it would leave; undefined where it would leave the play. */
  readonly within?: Path
}

/** What the hosts of a play share while it runs. */
export interface PlayState {
  readonly play: Play
  readonly index: number
  readonly batches: readonly PlayHosts[]
  readonly nodes: readonly Node[]
  readonly progress: PlayProgress
}

/** How far a play has come, on all of its hosts. */
export class PlayProgress {
  readonly #failed = new Set<string>()
  readonly #left = new Set<string>()
  readonly #shared = new Map<string, Failure>()
  readonly #announced = new Set<number>()
  readonly #conditionalEnds: ConditionalEnd[] = []
  #isEnded = false
  /** How many hosts, in the play's order, are known to bring no more facts than they have; counted anew when some were cleared. */
  #withFacts = { hosts: 0, cleared: 0 }

  hostFailed(name: string): void {
    this.#failed.add(name)
  }

  failedOf(hosts: readonly string[]): number {
    return hosts.filter(name => this.#failed.has(name)).length
  }

  /** `meta: end_host`: it is no longer in this play. */
  hostLeft(name: string): void {
    this.#left.add(name)
  }

  hasLeft(name: string): boolean {
    return this.#left.has(name)
  }

  /** `meta: end_play`. */
  end(): void {
    this.#isEnded = true
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** The host fails with another one (any_errors_fatal, max_fail_percentage), as soon as it notices. */
  shareFailure(name: string, failure: Failure): void {
    this.#shared.set(name, failure)
  }

  sharesFailure(name: string): boolean {
    return this.#shared.has(name)
  }

  /** The failure of another host that this one shares, once. */
  takeFailure(name: string): Failure | undefined {
    const failure = this.#shared.get(name)
    this.#shared.delete(name)
    return failure
  }

  /** @returns whether the batch was not announced before */
  announce(batch: number): boolean {
    if (this.#announced.has(batch)) return false
    this.#announced.add(batch)
    return true
  }

  /** Dry run: a `meta: end_play` for all that perhaps ends it. The first one counts. */
  endsPerhaps(unknown: Unknown): void {
    if (this.#conditionalEnds.length === 0) this.#conditionalEnds.push({ unknown })
  }

  get conditionalEnds(): readonly ConditionalEnd[] {
    return this.#conditionalEnds
  }

  /**
   * Whether the facts of all these hosts are in. Each waiting host asks whenever another one moves: who is in is not looked at again.
   * @param cleared how often facts were forgotten in the run: with another number all are looked at again
   */
  haveFacts(hosts: readonly string[], cleared: number, isIn: (host: string) => boolean): boolean {
    if (this.#withFacts.cleared !== cleared) this.#withFacts = { hosts: 0, cleared }
    const known = this.#withFacts
    for (let next = hosts[known.hosts]; next !== undefined && isIn(next); next = hosts[known.hosts]) known.hosts++
    return known.hosts === hosts.length
  }
}

/** Uses of roles, by which they are passed over where they come again. */
export class RoleUses {
  readonly #ran = new Set<string>()
  readonly #perhapsRan = new Map<string, Unknown>()

  /** Whether a step of this use ran on the host. */
  ran(use: string): boolean {
    return this.#ran.has(use)
  }

  /** Dry run: what it hangs on whether one ran; undefined where that is known. */
  perhapsRan(use: string): Unknown | undefined {
    return this.#perhapsRan.get(use)
  }

  /** A step of the use ran, or perhaps did. */
  note(use: string, runs: boolean | Unknown): void {
    if (runs instanceof Unknown) this.#perhapsRan.set(use, runs)
    else if (runs) this.#ran.add(use)
  }
}

/** One host's part of a play: which batch it is in, and what it will do. */
export class Stage {
  readonly roles = new RoleUses()
  readonly #roleHandlers: Step[] = []
  readonly #conditionalEnds: ConditionalEnd[] = []
  readonly #meant = new Map<string, readonly Step[]>()
  #hidesHandlers = false

  constructor(
    readonly state: PlayState,
    readonly batch: number,
    readonly path: Path,
    readonly hosts: PlayHosts,
  ) {}

  /** Handlers that came with TypeScript roles and includes, in the order in which they were met. */
  get roleHandlers(): readonly Step[] {
    return this.#roleHandlers
  }

  /** Handlers that came with a role or an include. */
  addHandlers(handlers: readonly Step[]): void {
    for (const handler of handlers) {
      if (this.#roleHandlers.some(known => known.id === handler.id)) continue
      this.#roleHandlers.push(handler)
      this.#meant.clear()
    }
  }

  /** Whom notifications mean, by name, as long as no handler comes in. `find` is asked for names that are not known yet. */
  meant(
    names: ReadonlySet<string>,
    find: (names: readonly string[]) => ReadonlyMap<string, readonly Step[]>,
  ): ReadonlyMap<string, readonly Step[]> {
    const asked = [...names].filter(name => !this.#meant.has(name))
    if (asked.length > 0) for (const [name, steps] of find(asked)) this.#meant.set(name, steps)
    return this.#meant
  }

  /** Dry run: an include or a role was passed over that may have handlers. */
  hideHandlers(): void {
    this.#hidesHandlers = true
  }

  get hidesHandlers(): boolean {
    return this.#hidesHandlers
  }

  /** Dry run: what perhaps ends it, or a role in it, for this host. */
  endsPerhaps(end: ConditionalEnd): void {
    this.#conditionalEnds.push(end)
  }

  get conditionalEnds(): readonly ConditionalEnd[] {
    return this.#conditionalEnds
  }
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

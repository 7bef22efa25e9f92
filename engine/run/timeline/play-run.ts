import type { Failure } from '../../core/failure.js'
import type { Node, Play, Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { Path } from './path.js'
import type { PlayHosts } from './play-hosts.js'

/** Dry run: a `meta: end_…` whose condition is unknown. */
interface ConditionalEnd {
  readonly unknown: Unknown
  /** The path of the role that it would leave; undefined where it would leave the play. */
  readonly within?: Path
}

/** What the hosts of a play share. */
export interface PlayState {
  readonly play: Play
  readonly index: number
  readonly batches: readonly PlayHosts[]
  readonly nodes: readonly Node[]
  readonly progress: PlayProgress
}

/** The progress of a play, on all of its hosts. */
export class PlayProgress {
  readonly #failed = new Set<string>()
  readonly #left = new Set<string>()
  readonly #shared = new Map<string, Failure>()
  readonly #announced = new Set<number>()
  readonly #conditionalEnds: ConditionalEnd[] = []
  #isEnded = false
  /** The number of hosts, in the play's order, whose facts are complete; counted again after facts were cleared. */
  #withFacts = { hosts: 0, cleared: 0 }

  hostFailed(name: string): void {
    this.#failed.add(name)
  }

  failedOf(hosts: readonly string[]): number {
    return hosts.filter(name => this.#failed.has(name)).length
  }

  /** `meta: end_host`: the host is no longer in this play. */
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

  /** The host fails because of another one (any_errors_fatal, max_fail_percentage), as soon as it checks. */
  shareFailure(name: string, failure: Failure): void {
    this.#shared.set(name, failure)
  }

  sharesFailure(name: string): boolean {
    return this.#shared.has(name)
  }

  /** Returns the failure of another host that this one shares, and clears it. */
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

  /** Dry run: a `meta: end_play` that perhaps ends the play for all. The first one counts. */
  endsPerhaps(unknown: Unknown): void {
    if (this.#conditionalEnds.length === 0) this.#conditionalEnds.push({ unknown })
  }

  get conditionalEnds(): readonly ConditionalEnd[] {
    return this.#conditionalEnds
  }

  /**
   * Whether the facts of all these hosts are complete. Each waiting host calls this whenever another host moves, so
   * hosts that are complete are not checked again.
   * @param cleared how many times facts were cleared in the run; if it differs, all hosts are checked again
   */
  haveFacts(hosts: readonly string[], cleared: number, isIn: (host: string) => boolean): boolean {
    if (this.#withFacts.cleared !== cleared) this.#withFacts = { hosts: 0, cleared }
    const known = this.#withFacts
    for (let next = hosts[known.hosts]; next !== undefined && isIn(next); next = hosts[known.hosts]) known.hosts++
    return known.hosts === hosts.length
  }
}

/** The uses of roles on a host, by which a repeated use is skipped. */
export class RoleUses {
  readonly #ran = new Set<string>()
  readonly #perhapsRan = new Map<string, Unknown>()

  /** Whether a step of this use ran on the host. */
  ran(use: string): boolean {
    return this.#ran.has(use)
  }

  /** Dry run: why it is not known whether a step ran; undefined where that is known. */
  perhapsRan(use: string): Unknown | undefined {
    return this.#perhapsRan.get(use)
  }

  /** Records that a step of the use ran, or perhaps ran. */
  note(use: string, runs: boolean | Unknown): void {
    if (runs instanceof Unknown) this.#perhapsRan.set(use, runs)
    else if (runs) this.#ran.add(use)
  }
}

/** One host's part of a play: its batch, its path, and what its roles brought. */
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

  /** The handlers of TypeScript roles and includes, in the order in which they were added. */
  get roleHandlers(): readonly Step[] {
    return this.#roleHandlers
  }

  /** Adds the handlers of a role or an include. */
  addHandlers(handlers: readonly Step[]): void {
    for (const handler of handlers) {
      if (this.#roleHandlers.some(known => known.id === handler.id)) continue
      this.#roleHandlers.push(handler)
      this.#meant.clear()
    }
  }

  /** The handlers by notification, cached until a handler is added. `find` resolves names that are not in the cache. */
  meant(
    names: ReadonlySet<string>,
    find: (names: readonly string[]) => ReadonlyMap<string, readonly Step[]>,
  ): ReadonlyMap<string, readonly Step[]> {
    const asked = [...names].filter(name => !this.#meant.has(name))
    if (asked.length > 0) for (const [name, steps] of find(asked)) this.#meant.set(name, steps)
    return this.#meant
  }

  /** Dry run: an include or a role was skipped that may have handlers. */
  hideHandlers(): void {
    this.#hidesHandlers = true
  }

  get hidesHandlers(): boolean {
    return this.#hidesHandlers
  }

  /** Dry run: adds a conditional end of the play, or of a role in it, for this host. */
  endsPerhaps(end: ConditionalEnd): void {
    this.#conditionalEnds.push(end)
  }

  get conditionalEnds(): readonly ConditionalEnd[] {
    return this.#conditionalEnds
  }
}

/** The id of a batch of a play in events. */
export const playId = ({ path }: Stage): string => path.join('.')

/** Splits hosts into batches; the last size repeats. */
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

/** The size of a batch: `serial: "30%"` of the hosts, or `serial: 2`. All hosts for 0 and less. */
export const batchSize = (written: number | string, hosts: number): number => {
  const text = String(written)
  const size = text.endsWith('%') ? Math.floor((hosts * Number(text.slice(0, -1))) / 100) : Number(text)
  return size <= 0 && !text.endsWith('%') ? hosts : Math.max(1, size)
}

/** The id of the step that gathers facts, which the engine adds to a play. */
export const gatherFactsId = (play: Play): string => `${play.inherits.id}/gather-facts`

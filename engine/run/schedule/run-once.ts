import type { Step } from '../../core/step.js'
import type { Unknown } from '../../core/value.js'
import type { Outcome } from '../pipeline/outcome.js'
import { Interrupted } from '../timeline/interrupted.js'
import { comparePaths, type Path, spotOf } from '../timeline/path.js'
import type { EffectOrder } from './effect-order.js'

/** The barrier of a step that one host runs for its batch: who has arrived, who runs the step, and its outcome. */
interface Barrier {
  /** Host that has arrived → whether `when` is true there. */
  readonly whenByHost: Map<string, boolean | Unknown>
  runner: string | undefined
  outcome: Outcome | undefined
  /** The error that the step threw, if it did. */
  error: unknown
}

/** A host that arrives at the step, and whether `when` is true there. */
interface Arrival {
  readonly step: Step
  readonly batch: readonly string[]
  readonly host: string
  readonly path: Path
  readonly holds: boolean | Unknown
}

/** The outcome of the step, and whether it ran on this host. */
type Shared =
  | { readonly isMine: true; readonly outcome: Outcome }
  | { readonly isMine: false; readonly outcome: Outcome | undefined }

/** Awaits a promise without holding a slot of `forks`. */
type Waiting = (wait: Promise<void>) => Promise<void>

/** The barriers of all steps that one host runs for its batch. */
export class RunOnce {
  readonly #barriers = new Map<string, Barrier>()

  /** @param stepAt the id of a host's current step; undefined before its first */
  constructor(
    readonly effectOrder: EffectOrder,
    readonly stepAt: (host: string) => string | undefined,
  ) {}

  /**
   * `run_once`: the first host of the batch for which `when` is true runs the step; the others wait and get its
   * outcome.
   * @returns `outcome` is undefined for the others where the runner was kept from the step
   * @throws for all hosts what the step threw
   */
  async forAll(at: Arrival, work: () => Promise<Outcome>, waiting: Waiting): Promise<Shared> {
    const barrier = this.#arrive(at)
    const { whenByHost } = barrier
    const expected = (): readonly string[] => at.batch.filter(name => whenByHost.has(name) || this.#mayArrive(at, name))
    await waiting(
      this.effectOrder.until(() => barrier.runner !== undefined || expected().every(name => whenByHost.has(name))),
    )
    const arrived = at.batch.filter(name => whenByHost.has(name))
    // If `when` is true on no host, one host skips the step for all.
    barrier.runner ??= arrived.find(name => whenByHost.get(name) === true) ?? arrived[0] ?? at.host
    if (barrier.runner === at.host) return { isMine: true, outcome: await this.#run(barrier, work) }
    const { runner } = barrier
    await waiting(
      this.effectOrder.until(
        () =>
          barrier.outcome !== undefined ||
          barrier.error !== undefined ||
          comparePaths(this.effectOrder.position(runner), at.path) > 0,
      ),
    )
    if (barrier.error !== undefined) throw barrier.error
    return { isMine: false, outcome: barrier.outcome }
  }

  /** `meta: end_play`: as in Ansible the condition of the first host of the batch that arrives decides for all. */
  async firstDecides(at: Arrival, waiting: Waiting): Promise<boolean | Unknown> {
    const { whenByHost } = this.#arrive(at)
    const first = (): string | undefined => at.batch.find(name => whenByHost.has(name) || this.#mayArrive(at, name))
    await waiting(this.effectOrder.until(() => whenByHost.has(first() ?? at.host)))
    return whenByHost.get(first() ?? at.host) ?? false
  }

  async #run(barrier: Barrier, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      barrier.outcome = await work()
      return barrier.outcome
    } catch (error) {
      if (!(error instanceof Interrupted)) barrier.error = error
      throw error
    } finally {
      this.effectOrder.recheck()
    }
  }

  /**
   * Whether the host is before the step, or at it. A host at the same path with another step never arrives, and may be
   * waiting for this host.
   */
  #mayArrive({ step, path }: Arrival, name: string): boolean {
    const behind = comparePaths(this.effectOrder.position(name), path)
    const { id } = step
    return behind < 0 || (behind === 0 && (this.stepAt(name) ?? id) === id)
  }

  #arrive({ step, host, path, holds }: Arrival): Barrier {
    const key = spotOf(path, step)
    const barrier: Barrier = this.#barriers.get(key) ?? {
      whenByHost: new Map(),
      runner: undefined,
      outcome: undefined,
      error: undefined,
    }
    this.#barriers.set(key, barrier)
    barrier.whenByHost.set(host, holds)
    this.effectOrder.recheck()
    return barrier
  }
}

import type { Answer } from '../../core/connection.js'
import type { Read, RunAs } from '../../core/module.js'

/** A read with everything that its answer depends on: user, environment, time limit. */
export interface PlannedRead {
  readonly read: Read<unknown>
  readonly as: RunAs
  readonly env: { readonly [name: string]: string }
  /** ms; the time limit of the step. */
  readonly limit?: number
}

/** The epochs at which a read was sent. */
export interface Count {
  readonly hostEpoch: number
  /** Changes of the same machine under its other names. */
  readonly others: number
  readonly clusterEpoch: number
}

export interface Observation extends Count {
  readonly answer: Promise<Answer>
  readonly clusterWide: boolean
}

/** The last answer to each read of one host. */
export class Observations {
  /**
   * By user, environment and time limit, then by the text of the read. The text may be large, so it is not copied into
   * a combined key.
   */
  readonly #known = new Map<string, Map<string, Observation>>()
  #sweptAt: Count = { hostEpoch: 0, others: 0, clusterEpoch: 0 }

  get isEmpty(): boolean {
    return this.#known.size === 0
  }

  last(planned: PlannedRead): Observation | undefined {
    return this.#known.get(readerOf(planned))?.get(planned.read.sh)
  }

  keep(planned: PlannedRead, seen: Observation): void {
    const reader = readerOf(planned)
    const known = this.#known.get(reader) ?? new Map<string, Observation>()
    this.#known.set(reader, known.set(planned.read.sh, seen))
  }

  /** The read was sent again after a lost connection; its answer about the cluster keeps its epoch. */
  moveTo(planned: PlannedRead, { hostEpoch, others }: Count): void {
    const seen = this.last(planned)
    if (seen !== undefined) this.keep(planned, { ...seen, hostEpoch, others })
  }

  /** Drops stale answers, so that memory does not grow with all reads of the run. */
  sweep(now: Count): void {
    if (isOfHost(this.#sweptAt, now) && now.clusterEpoch === this.#sweptAt.clusterEpoch) return
    this.#sweptAt = now
    for (const [reader, known] of this.#known) {
      for (const [sh, seen] of known) {
        const isPast = !isOfHost(seen, now) || (seen.clusterWide && seen.clusterEpoch !== now.clusterEpoch)
        if (isPast) known.delete(sh)
      }
      if (known.size === 0) this.#known.delete(reader)
    }
  }
}

const isOfHost = (one: Count, now: Count): boolean => one.hostEpoch === now.hostEpoch && one.others === now.others

export const readerOf = ({ as, env, limit }: PlannedRead): string => JSON.stringify([as, env, limit])

const defaultTimeout = 10_000

/** ms after which a read is ended. */
export const timeoutOf = ({ read, limit }: PlannedRead): number =>
  Math.min(read.timeout ?? defaultTimeout, limit ?? Number.POSITIVE_INFINITY)

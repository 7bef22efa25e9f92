import type { Answer } from '../../core/connection.js'
import type { Read, RunAs } from '../../core/module.js'

/** A read with all that decides its answer: who asks, in which environment, and for how long. */
export interface PlannedRead {
  readonly read: Read<unknown>
  readonly as: RunAs
  readonly env: { readonly [name: string]: string }
  /** ms that the step may take. */
  readonly limit?: number
}

/** When a read was sent, as epochs count. */
export interface Count {
  readonly hostEpoch: number
  /** What was done on the same machine under its other names. */
  readonly others: number
  readonly clusterEpoch: number
}

export interface Observation extends Count {
  readonly answer: Promise<Answer>
  readonly clusterWide: boolean
}

/** What was read on one host, each with its last answer. */
export class Observations {
  /** By who reads in which environment and for how long, and then by the text: it may be a manifest, and is made no other text of. */
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

  /** It was sent again: of the cluster it says what it said before. */
  moveTo(planned: PlannedRead, { hostEpoch, others }: Count): void {
    const seen = this.last(planned)
    if (seen !== undefined) this.keep(planned, { ...seen, hostEpoch, others })
  }

  /** Drops what nobody can use any more: the texts and answers of all that was ever read would grow without end. */
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

/** ms after which it is ended. */
export const timeoutOf = ({ read, limit }: PlannedRead): number =>
  Math.min(read.timeout ?? defaultTimeout, limit ?? Number.POSITIVE_INFINITY)

import { FLOOR } from './item.js'

/** A target for tkplay, compared with another program of the same item. */
export interface Target {
  readonly item: string
  readonly against: string
  /**
   * `fasterBy`: the other program takes at least so many times as long. `within`: tkplay takes at most so many times as
   * long.
   */
  readonly bound: { readonly fasterBy: number } | { readonly within: number }
}

export const targets: readonly Target[] = [
  { item: 'converged', against: 'ansible', bound: { fasterBy: 15 } },
  { item: 'converged', against: 'mitogen', bound: { fasterBy: 7 } },
  { item: 'converged', against: 'pyinfra', bound: { fasterBy: 3 } },
  { item: 'converged', against: FLOOR, bound: { within: 2 } },
  { item: 'fleet', against: FLOOR, bound: { within: 1.15 } },
  { item: 'cluster', against: 'script', bound: { within: 1.3 } },
]

export interface TargetOutcome extends Target {
  readonly ratio: number
  readonly reached: boolean
}

/** @param median the median of a program in an item; undefined where it has none */
export const compareTargets = (
  all: readonly Target[],
  median: (item: string, program: string) => number | undefined,
  own: string,
): readonly TargetOutcome[] =>
  all.flatMap(target => {
    const ours = median(target.item, own)
    const theirs = median(target.item, target.against)
    if (ours === undefined || theirs === undefined) return []
    if ('fasterBy' in target.bound) {
      const ratio = theirs / ours
      return [{ ...target, ratio, reached: ratio >= target.bound.fasterBy }]
    }
    const ratio = ours / theirs
    return [{ ...target, ratio, reached: ratio <= target.bound.within }]
  })

export const outcomeLine = ({ item, against, bound, ratio, reached }: TargetOutcome): string => {
  const goal = 'fasterBy' in bound ? `≥ ${bound.fasterBy}× as fast as ${against}` : `≤ ${bound.within}× ${against}`
  return `${item.padEnd(10)} ${goal.padEnd(26)} ${ratio.toFixed(2).padStart(7)}×  ${reached ? 'reached' : 'not reached'}`
}

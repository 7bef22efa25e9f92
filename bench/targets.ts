import { FLOOR } from './item.js'

/** What tkplay is to reach beside another program of the same item. */
export interface Target {
  readonly item: string
  readonly against: string
  /** How many times as long the other one takes, at least; or how many times as long as the other one tkplay takes, at most. */
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

export interface Verdict extends Target {
  readonly ratio: number
  readonly reached: boolean
}

/** @param median the median of a program of this item, where it has one */
export const judgeTargets = (
  all: readonly Target[],
  median: (item: string, program: string) => number | undefined,
  own: string,
): readonly Verdict[] =>
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

export const verdictLine = ({ item, against, bound, ratio, reached }: Verdict): string => {
  const said = 'fasterBy' in bound ? `≥ ${bound.fasterBy}× as fast as ${against}` : `≤ ${bound.within}× ${against}`
  return `${item.padEnd(10)} ${said.padEnd(26)} ${ratio.toFixed(2).padStart(7)}×  ${reached ? 'reached' : 'not reached'}`
}

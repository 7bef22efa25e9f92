import type { Step } from '../../core/step.js'

/**
 * The position of a step on a timeline: play, batch, then the index in each nested list. Compared lexicographically.
 */
export type Path = readonly number[]

/** Negative where `a` is before `b`. A prefix is before the paths that it begins. */
export const comparePaths = (a: Path, b: Path): number => {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** The position of a host that is finished: after all paths. */
export const theEnd: Path = [Number.POSITIVE_INFINITY]

/** The key under which hosts of a batch share a step: path and id, since hosts may have included different files at one path. */
export const spotOf = (path: Path, { id }: Step): string => JSON.stringify([path, id])

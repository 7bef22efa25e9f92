import type { Step } from '../../core/step.js'

/** Where a step stands on its host's timeline: play, batch, then the index in each nested list. Ordered like a dictionary. */
export type Path = readonly number[]

/** Negative where `a` comes before `b`; a prefix comes before what it begins. */
export const comparePaths = (a: Path, b: Path): number => {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Past everything: where a host stands that has finished. */
export const theEnd: Path = [Number.POSITIVE_INFINITY]

/** The key under which hosts of a batch share a step: path and id, since hosts may have included different files at one path. */
export const spotOf = (path: Path, { id }: Step): string => JSON.stringify([path, id])

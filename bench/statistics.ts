export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @returns undefined where there is nothing to summarise */
export const summary = (values: readonly number[]): Summary | undefined => {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min
  return { median: (lower + upper) / 2, min, max }
}

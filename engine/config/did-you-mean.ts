/** The known names most similar to what was written, the best first; none where no name is similar enough. */
export const nearest = (written: string, known: Iterable<string>, limit = 1): readonly string[] => {
  const folded = fold(written)
  // Names of one or two letters may differ in case and separators only: most of them are one edit apart.
  const allowed = folded.length <= 2 ? 0.5 : Math.min(2, Math.max(1, Math.floor(folded.length / 3)))
  const near: { readonly name: string; readonly distance: number }[] = []
  for (const name of new Set(known)) {
    const distance = fold(name) === folded ? 0.5 : editDistance(folded, fold(name), allowed)
    if (name !== written && distance <= allowed) near.push({ name, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, limit).map(one => one.name)
}

/** «did you mean 'become'?»; undefined where no name is similar enough. */
export const didYouMean = (written: string, known: Iterable<string>): string | undefined => {
  const names = nearest(written, known, 2)
  return names.length === 0 ? undefined : `did you mean ${names.map(name => `'${name}'`).join(' or ')}?`
}

/** Names that differ only in case or separators are taken for the same. */
const fold = (name: string): string => name.toLowerCase().replace(/[-. ]/g, '_')

/** The Damerau–Levenshtein distance (a transposition counts as one edit); Infinity above `limit`. */
const editDistance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  const distance = last[b.length] ?? Number.POSITIVE_INFINITY
  return distance <= limit ? distance : Number.POSITIVE_INFINITY
}

/** Lists by key, each in the order of the whole. Node 20 has no Map.groupBy. */
export const groupedBy = <T, K>(list: readonly T[], key: (one: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>()
  for (const one of list) {
    const group = groups.get(key(one))
    if (group === undefined) groups.set(key(one), [one])
    else group.push(one)
  }
  return groups
}

/** The items by their key; each group keeps the order of the list. Node 20 has no Map.groupBy. */
export const groupedBy = <T, K>(list: readonly T[], key: (one: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>()
  for (const one of list) addTo(groups, key(one), one)
  return groups
}

/** Appends to a group in place: copying the list for each item would take quadratic time. */
export const addTo = <T, K>(groups: Map<K, T[]>, key: K, one: T): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [one])
  else group.push(one)
}

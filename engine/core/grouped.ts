/** Lists by key, each in the order of the whole. Node 20 has no Map.groupBy. */
export const groupedBy = <T, K>(list: readonly T[], key: (one: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>()
  for (const one of list) addTo(groups, key(one), one)
  return groups
}

/** Lets a group's list grow in its place: where groups are large, copies would cost the square of it. */
export const addTo = <T, K>(groups: Map<K, T[]>, key: K, one: T): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [one])
  else group.push(one)
}

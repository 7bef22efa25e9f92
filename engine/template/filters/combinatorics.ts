import { Unknown, type Value } from '../../core/value.js'
import { Tuple, UnknownSignal } from '../../python/kinds.js'
import type { Budget } from '../budget.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { asInt } from '../values/convert.js'
import { items, knownItems } from '../values/sequence.js'

/** The Cartesian product: each choice of one item from each list, the last list varying fastest. */
export const product = (lists: readonly (readonly Value[])[], budget: Budget): readonly Value[] => {
  budget.grow(lists.reduce((size, list) => size * list.length, 1) * lists.length * 8)
  let rows: readonly (readonly Value[])[] = [[]]
  for (const list of lists) rows = rows.flatMap(row => list.map(one => [...row, one]))
  return rows.map(row => Tuple.of2(...row))
}

/** Ordered choices of `count` items; `follows` tells whether the item at `index` may come after those that are chosen. */
const choices = (
  list: readonly Value[],
  count: number,
  budget: Budget,
  follows: (index: number, chosen: readonly number[]) => boolean,
): readonly Value[] => {
  const found: Value[] = []
  const go = (chosen: readonly number[]): void => {
    budget.step()
    if (chosen.length === count) {
      budget.grow(count * 8)
      found.push(Tuple.of2(...chosen.map(index => list[index] ?? null)))
      return
    }
    for (let index = 0; index < list.length; index++) if (follows(index, chosen)) go([...chosen, index])
  }
  go([])
  return found
}

const all = (values: Value): readonly (readonly Value[])[] =>
  (values as readonly Value[]).map(one => {
    const list = items(one)
    if (list instanceof Unknown) throw new UnknownSignal(list)
    return list
  })

const zipped = (lists: readonly (readonly Value[])[], length: number, fill: Value): readonly Value[] =>
  Array.from({ length }, (_, index) => Tuple.of2(...lists.map(list => list[index] ?? fill)))

export const combinatorics: FilterTable = {
  product: filter(
    '*others repeat=1',
    (value, [others = [], repeat = 1], { budget }) => {
      const lists = [knownItems(value), ...all(others)]
      const times = asInt(repeat, 'repeat')
      budget.grow(times * 8)
      return product(Array.from({ length: times }, () => lists).flat(), budget)
    },
    'shallow',
  ),
  combinations: filter(
    'r',
    (value, [count = 0], { budget }) =>
      choices(knownItems(value), asInt(count, 'r'), budget, (index, chosen) => index > (chosen.at(-1) ?? -1)),
    'shallow',
  ),
  permutations: filter(
    'r=null',
    (value, [count = null], { budget }) => {
      const list = knownItems(value)
      return choices(
        list,
        count === null ? list.length : asInt(count, 'r'),
        budget,
        (index, chosen) => !chosen.includes(index),
      )
    },
    'shallow',
  ),
  zip: filter(
    '*others',
    (value, [others = []]) => {
      const lists = [knownItems(value), ...all(others)]
      return zipped(lists, Math.min(...lists.map(list => list.length)), null)
    },
    'shallow',
  ),
  zip_longest: filter(
    '*others **named',
    (value, [others = [], named = null]) => {
      const lists = [knownItems(value), ...all(others)]
      const fill = (named as ReadonlyMap<string, Value> & Value).get('fillvalue') ?? null
      return zipped(lists, Math.max(...lists.map(list => list.length)), fill)
    },
    'shallow',
  ),
}

import { Unknown, type Value } from '../../core/value.js'
import { type FilterTable, filter } from '../plugin.js'
import { contains } from '../values/compare.js'
import { UnknownSignal } from '../values/kinds.js'
import { knownItems } from '../values/sequence.js'
import { uniqueBy } from './lists.js'

type List = readonly Value[]

/** Keeps the order in which items were first seen: Python's sets have none. */
const distinct = (list: List): List => uniqueBy(list, one => one)

const inside = (list: List): ((one: Value) => boolean) => {
  const texts = new Set(list.filter(one => typeof one === 'string'))
  return one => {
    if (typeof one === 'string' && texts.has(one)) return true
    const answer = contains(list, one)
    if (answer instanceof Unknown) throw new UnknownSignal(answer)
    return answer
  }
}

const set = (combine: (a: List, b: List) => List) =>
  filter('other', (value, [other = []]) => combine(knownItems(value), knownItems(other)), 'shallow')

export const isSubset = (a: Value, b: Value): boolean => knownItems(a).every(inside(knownItems(b)))

export const sets: FilterTable = {
  union: set((a, b) => distinct([...a, ...b])),
  intersect: set((a, b) => distinct(a.filter(inside(b)))),
  difference: set((a, b) => {
    const excluded = inside(b)
    return distinct(a.filter(one => !excluded(one)))
  }),
  symmetric_difference: set((a, b) => {
    const [inA, inB] = [inside(a), inside(b)]
    return distinct([...a.filter(one => !inB(one)), ...b.filter(one => !inA(one))])
  }),
}

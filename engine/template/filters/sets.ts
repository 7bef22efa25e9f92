import { Unknown, type Value } from '../../core/value.js'
import { UnknownSignal } from '../../python/kinds.js'
import type { Budget } from '../budget.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { contains } from '../values/compare.js'
import { knownItems } from '../values/sequence.js'
import { uniqueBy } from './lists.js'

type List = readonly Value[]

/** Keeps the order in which items were first seen: Python's sets have none. */
const distinct = (list: List, budget: Budget): List => uniqueBy(list, one => one, budget)

const membership = (list: List, budget: Budget): ((one: Value) => boolean) => {
  const texts = new Set(list.filter(one => typeof one === 'string'))
  return one => {
    if (typeof one === 'string' && texts.has(one)) return true
    budget.visit(list.length)
    const answer = contains(list, one, budget)
    if (answer instanceof Unknown) throw new UnknownSignal(answer)
    return answer
  }
}

const set = (combine: (a: List, b: List, budget: Budget) => List) =>
  filter('other', (value, [other = []], { budget }) => combine(knownItems(value), knownItems(other), budget), 'shallow')

export const isSubset = (a: Value, b: Value, budget: Budget): boolean =>
  knownItems(a).every(membership(knownItems(b), budget))

export const sets: FilterTable = {
  union: set((a, b, budget) => distinct([...a, ...b], budget)),
  intersect: set((a, b, budget) => distinct(a.filter(membership(b, budget)), budget)),
  difference: set((a, b, budget) => {
    const excluded = membership(b, budget)
    return distinct(
      a.filter(one => !excluded(one)),
      budget,
    )
  }),
  symmetric_difference: set((a, b, budget) => {
    const [inA, inB] = [membership(a, budget), membership(b, budget)]
    return distinct([...a.filter(one => !inB(one)), ...b.filter(one => !inA(one))], budget)
  }),
}

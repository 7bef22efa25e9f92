import { Unknown, type Value } from '../../core/value.js'
import type { Test, TestTable } from '../contract.js'
import { isSubset } from '../filters/sets.js'
import { test } from '../plugin.js'
import { type Comparison, compare, contains, type Truth, truth } from '../values/compare.js'
import { knownItems } from '../values/sequence.js'

const comparison = (op: Comparison): Test =>
  test('other', (value, [other = null], { budget }) => compare(op, value, other, budget), 'shallow')

const [eq, ne, lt, le, gt, ge] = (['==', '!=', '<', '<=', '>', '>='] as const).map(comparison) as [
  Test,
  Test,
  Test,
  Test,
  Test,
  Test,
]

const subset = test('other', (value, [other = []], { budget }) => isSubset(value, other, budget), 'shallow')
const superset = test('other', (value, [other = []], { budget }) => isSubset(other, value, budget), 'shallow')

/** Whether an item has the wanted truth; unknown items count only where no known one decides. */
const some = (list: readonly Value[], wanted: boolean): Truth => {
  let answer: Truth = !wanted
  for (const one of list) {
    const here = truth(one)
    if (here === wanted) return wanted
    if (here instanceof Unknown) answer = here
  }
  return answer
}

export const comparisons: TestTable = {
  eq,
  equalto: eq,
  '==': eq,
  ne,
  '!=': ne,
  lt,
  lessthan: lt,
  '<': lt,
  le,
  '<=': le,
  gt,
  greaterthan: gt,
  '>': gt,
  ge,
  '>=': ge,
  in: test('seq', (value, [list = []], { budget }) => contains(list, value, budget), 'shallow'),
  contains: test('value', (list, [value = null], { budget }) => contains(list, value, budget), 'shallow'),
  sameas: test('other', (value, [other = null]) => value === other, 'shallow'),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  any: test('', value => some(knownItems(value), true), 'shallow'),
  all: test('', value => some(knownItems(value), false), 'shallow'),
}

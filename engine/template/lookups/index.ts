import type { Value } from '../../core/value.js'
import { isList, OperationError, Tuple } from '../../python/kinds.js'
import type { Lookup, LookupTable } from '../contract.js'
import { product } from '../filters/combinatorics.js'
import { asDict } from '../values/convert.js'
import { sequence } from './sequence.js'
import { subelements } from './subelements.js'
import { varnames, vars } from './variables.js'

type Run = Lookup['run']

/** All items of terms that are lists; any other term is one item. */
const items = (terms: readonly Value[]): readonly Value[] => terms.flatMap(term => (isList(term) ? term : [term]))

const lists = (terms: readonly Value[]): readonly (readonly Value[])[] =>
  terms.map(term => (isList(term) ? term : [term]))

const dictItems: Run = terms =>
  items(terms)
    .flatMap(term => [...asDict(term, "a term of the lookup 'dict'")])
    .map(
      ([key, value]) =>
        new Map<string, Value>([
          ['key', key],
          ['value', value],
        ]),
    )

const zipped: Run = (terms, _, call) => {
  const given = lists(terms)
  if (given.length === 0) throw new OperationError('with_together needs at least one list', 'lookup')
  const length = Math.max(...given.map(list => list.length))
  call.budget.grow(length * given.length * 8)
  return Array.from({ length }, (__, index) => given.map(list => list[index] ?? null))
}

const flattened = (terms: readonly Value[]): readonly Value[] =>
  terms.flatMap(term =>
    isList(term) ? flattened(term) : term === null || term === 'None' || term === 'null' ? [] : [term],
  )

const lookup = (run: Run): Lookup => ({ run })

/** Lookups that need nothing of the controller. Whoever makes an environment passes those that do. */
export const lookups: LookupTable = {
  items: lookup(items),
  list: lookup(terms => terms),
  dict: lookup(dictItems),
  indexed_items: lookup(terms => items(terms).map((one, index) => Tuple.of2(index, one))),
  nested: lookup((terms, _, call) => product(lists(terms), call.budget)),
  cartesian: lookup((terms, _, call) => product(lists(terms), call.budget)),
  together: lookup(zipped),
  flattened: lookup(flattened),
  subelements: lookup(subelements),
  sequence: lookup(sequence),
  random_choice: lookup(terms =>
    terms.length === 0 ? terms : [terms[Math.floor(Math.random() * terms.length)] ?? null],
  ),
  vars: lookup(vars),
  varnames: lookup(varnames),
}

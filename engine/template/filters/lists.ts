import { PartDict, Unknown, type Value } from '../../core/value.js'
import { aType, isInt, isList, Opaque, OperationError, UnknownSignal } from '../../python/kinds.js'
import { pythonRandom } from '../../python/random.js'
import { text } from '../../python/text.js'
import type { Budget } from '../budget.js'
import type { FilterTable } from '../contract.js'
import { filter, skimming } from '../plugin.js'
import { orElse } from '../values/access.js'
import { arithmetic } from '../values/arithmetic.js'
import { contains, truth } from '../values/compare.js'
import { asInt } from '../values/convert.js'
import { markOwned } from '../values/method-table.js'
import { characters, knownItems, textLength } from '../values/sequence.js'
import { caseFolded, getter, getters, knownOrder } from './attribute-path.js'

const yes = (value: Value): boolean => truth(value) === true

const length = skimming(
  filter(
    '',
    value => {
      if (typeof value === 'string') return textLength(value)
      if (isList(value)) return value.length
      if (value instanceof PartDict) return value.rest
      if (value instanceof Map) return value.size
      const inner = value as unknown
      if (inner instanceof Opaque) return knownItems(value).length
      throw new OperationError(`${aType(value)} has no length`)
    },
    'shallow',
  ),
)

const sort = filter(
  'reverse=false case_sensitive=false attribute=null',
  (value, [reverse = false, caseSensitive = false, attribute = null], call) => {
    const key = getters(attribute, call)
    const keyed = knownItems(value).map(one => ({ one, key: caseFolded(key(one), yes(caseSensitive), call.budget) }))
    const sign = yes(reverse) ? -1 : 1
    return markOwned(keyed.sort((a, b) => sign * knownOrder(a.key, b.key, call.budget)).map(({ one }) => one))
  },
  'shallow',
)

/** The smallest or the largest item; undefined in an empty list. */
const extreme = (sign: 1 | -1) =>
  filter(
    'case_sensitive=false attribute=null',
    (value, [caseSensitive = false, attribute = null], call) => {
      const key = getter(attribute, call)
      const list = knownItems(value)
      let best: { readonly one: Value; readonly key: Value } | undefined
      for (const one of list) {
        const here = caseFolded(key(one), yes(caseSensitive), call.budget)
        if (best === undefined || sign * knownOrder(here, best.key, call.budget) < 0) best = { one, key: here }
      }
      return orElse(best?.one, () => call.undefined('the list is empty: it has no smallest and no largest item'))
    },
    'shallow',
  )

const sum = filter(
  'attribute=null start=0',
  (value, [attribute = null, start = 0], call) => {
    const get = getter(attribute, call)
    let total = start
    for (const one of knownItems(value)) total = arithmetic('+', total, get(one), call.budget)
    return total
  },
  'shallow',
)

const join = filter('d="" attribute=null', (value, [separator = '', attribute = null], call) => {
  const get = getter(attribute, call)
  const parts = knownItems(value).map(one => text(get(one)))
  call.budget.grow(parts.length * textLength(text(separator)))
  return parts.join(text(separator))
})

const batch = filter(
  'linecount fill_with=null',
  (value, [count = 1, fill = null], { budget }) => {
    const size = asInt(count, 'linecount')
    if (size < 1) throw new OperationError('batch needs a positive number')
    const rows: Value[][] = []
    const all = knownItems(value)
    budget.step(all.length / size)
    for (const one of all) {
      const last = rows.at(-1)
      if (last === undefined || last.length === size) rows.push([one])
      else last.push(one)
    }
    const last = rows.at(-1)
    if (fill !== null && last !== undefined) budget.grow((size - last.length) * 8)
    while (fill !== null && last !== undefined && last.length < size) last.push(fill)
    return rows
  },
  'shallow',
)

const columns = filter(
  'slices fill_with=null',
  (value, [slices = 1, fill = null]) => {
    const list = knownItems(value)
    const count = asInt(slices, 'slices')
    if (count < 1 || count > 100_000) throw new OperationError('slice needs a positive number')
    const each = Math.floor(list.length / count)
    const extra = list.length % count
    let at = 0
    return Array.from({ length: count }, (_, index) => {
      const size = each + (index < extra ? 1 : 0)
      const part = list.slice(at, at + size)
      at += size
      return fill !== null && extra > 0 && index >= extra ? [...part, fill] : part
    })
  },
  'shallow',
)

const flat = (list: readonly Value[], levels: number, skipNulls: boolean, budget: Budget): readonly Value[] => {
  budget.visit(list.length)
  // Each level copies the items of the levels beneath it.
  budget.grow(list.length * 8)
  return list.flatMap(one => {
    if (skipNulls && (one === null || one === 'None' || one === 'null')) return []
    return isList(one) && levels >= 1 ? flat(one, levels - 1, skipNulls, budget) : [one]
  })
}

const random = filter(
  'start=null step=null seed=null',
  (value, [start = null, step = null, seed = null]) => {
    const source = pythonRandom(seed)
    if (isInt(value)) {
      const [from, by] = [start === null ? 0 : asInt(start, 'start'), step === null ? 1 : asInt(step, 'step') || 1]
      const choices = Math.ceil((Number(value) - from) / by)
      if (choices <= 0) throw new OperationError(`there is no number from ${from} below ${String(value)}`)
      return from + by * source.below(choices)
    }
    if (start !== null || step !== null) throw new OperationError('start and step are for numbers only')
    const list = knownItems(value)
    if (list.length === 0) throw new OperationError('random cannot choose from nothing')
    return list[source.below(list.length)] ?? null
  },
  'shallow',
)

const shuffle = filter(
  'seed=null',
  (value, [seed = null]) => {
    const list = [...knownItems(value)]
    const source = pythonRandom(truth(seed) === true ? seed : null)
    for (let index = list.length - 1; index > 0; index--) {
      const other = source.below(index + 1)
      const moved = list[index] ?? null
      list[index] = list[other] ?? null
      list[other] = moved
    }
    return list
  },
  'shallow',
)

const reverse = filter(
  '',
  value => (typeof value === 'string' ? [...characters(value)].reverse().join('') : [...knownItems(value)].reverse()),
  'shallow',
)

/** Each item once. @throws UnknownSignal where an unknown item may equal another one */
export const uniqueBy = (list: readonly Value[], key: (value: Value) => Value, budget: Budget): readonly Value[] => {
  const seen = new Set<string>()
  const others: Value[] = []
  let open: Unknown | undefined
  return list.filter(one => {
    const by = key(one)
    // A set tells texts apart; Python's equality all other values.
    if (typeof by === 'string') {
      if (seen.has(by)) return false
      if (open !== undefined) throw new UnknownSignal(open)
      seen.add(by)
      return true
    }
    if (by instanceof Unknown) {
      if (seen.size > 0) throw new UnknownSignal(by)
      open = by
    }
    const twin = others.length > 0 && contains(others, by, budget)
    if (twin instanceof Unknown) throw new UnknownSignal(twin)
    if (!twin) others.push(by)
    return !twin
  })
}

export const lists: FilterTable = {
  first: filter(
    '',
    (value, _, call) => orElse(knownItems(value)[0], () => call.undefined('the list is empty: it has no first item')),
    'shallow',
  ),
  last: filter(
    '',
    (value, _, call) =>
      orElse(knownItems(value).at(-1), () => call.undefined('the list is empty: it has no last item')),
    'shallow',
  ),
  length,
  count: length,
  list: filter('', value => markOwned([...knownItems(value)]), 'shallow'),
  join,
  sort,
  min: extreme(1),
  max: extreme(-1),
  sum,
  reverse,
  batch,
  slice: columns,
  flatten: filter(
    'levels=null skip_nulls=true',
    (value, [levels = null, skip = true], { budget }) =>
      flat(knownItems(value), levels === null ? Number.POSITIVE_INFINITY : asInt(levels, 'levels'), yes(skip), budget),
    'shallow',
  ),
  unique: filter(
    'case_sensitive=null attribute=null',
    (value, [caseSensitive = null, attribute = null], call) => {
      const get = getter(attribute, call)
      return markOwned([
        ...uniqueBy(knownItems(value), one => caseFolded(get(one), yes(caseSensitive), call.budget), call.budget),
      ])
    },
    'shallow',
  ),
  random,
  shuffle,
}

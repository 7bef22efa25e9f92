import type { Value } from '../../core/value.js'
import { GroupTuple, OperationError } from '../../python/kinds.js'
import type { Call, FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { equal, knownTruth, truth } from '../values/compare.js'
import { asText } from '../values/convert.js'
import { knownItems } from '../values/sequence.js'
import { caseFolded, type Getter, getter, knownOrder } from './attribute-path.js'

type Named = ReadonlyMap<string, Value>

/** A false value (None, 0, false) counts as an empty list, as in Jinja2. */
const listOf = (value: Value): readonly Value[] => (truth(value) === false ? [] : knownItems(value))

const map = filter(
  '*args **named',
  (value, [args = [], named = null], call) => {
    const [name, ...rest] = args as readonly Value[]
    const options = named as Named & Value
    const list = listOf(value)
    if (name === undefined) {
      const attribute = options.get('attribute')
      if (attribute === undefined) throw new OperationError('map needs the name of a filter, or attribute=…')
      const get = getter(attribute, call, options.get('default'))
      return list.map(get)
    }
    const filterName = asText(name, "the filter's name")
    return list.map(one => call.filter(filterName, one, rest, options))
  },
  'shallow',
)

/** Whether an item passes the named test; without a name, whether the item is true. */
const tester = (args: readonly Value[], named: Named, call: Call): ((value: Value) => boolean) => {
  const [name, ...rest] = args
  if (name === undefined) return knownTruth
  const testName = asText(name, "the test's name")
  return value => knownTruth(call.test(testName, value, rest, named))
}

const select = (keeps: boolean) =>
  filter(
    '*args **named',
    (value, [args = [], named = null], call) => {
      const passes = tester(args as readonly Value[], named as Named & Value, call)
      return listOf(value).filter(one => passes(one) === keeps)
    },
    'shallow',
  )

const selectAttribute = (keeps: boolean) =>
  filter(
    'attribute *args **named',
    (value, [attribute = '', args = [], named = null], call) => {
      const get = getter(attribute, call)
      const passes = tester(args as readonly Value[], named as Named & Value, call)
      return listOf(value).filter(one => passes(get(one)) === keeps)
    },
    'shallow',
  )

const groupBy = filter(
  'attribute default=null case_sensitive=false',
  (value, [attribute = '', fallback = null, caseSensitive = false], call) => {
    const get: Getter = getter(attribute, call, fallback ?? undefined)
    const all = knownItems(value)
    call.budget.step(all.length * 2)
    const keyed = all.map(one => ({ one, key: get(one) }))
    const sensitive = truth(caseSensitive) === true
    keyed.sort((a, b) =>
      knownOrder(caseFolded(a.key, sensitive, call.budget), caseFolded(b.key, sensitive, call.budget), call.budget),
    )
    const groups: { readonly key: Value; readonly items: Value[] }[] = []
    for (const { one, key } of keyed) {
      const last = groups.at(-1)
      if (
        last !== undefined &&
        equal(caseFolded(last.key, sensitive, call.budget), caseFolded(key, sensitive, call.budget), call.budget) ===
          true
      )
        last.items.push(one)
      else groups.push({ key, items: [one] })
    }
    return groups.map(({ key, items }) => GroupTuple.group(key, items))
  },
  'shallow',
)

export const selection: FilterTable = {
  map,
  select: select(true),
  reject: select(false),
  selectattr: selectAttribute(true),
  rejectattr: selectAttribute(false),
  groupby: groupBy,
}

import { type Dict, type Key, Secret, Unknown, type Value } from '../../core/value.js'
import { asKey, aType, isList, OperationError, Tuple, Undefined, UnknownSignal } from '../../python/kinds.js'
import { repr, text } from '../../python/text.js'
import type { Budget } from '../budget.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { item, noAttribute } from '../values/access.js'
import { equal, truth } from '../values/compare.js'
import { asDict, asList, asText } from '../values/convert.js'
import { markOwned } from '../values/method-table.js'
import { knownItems } from '../values/sequence.js'
import { caseFolded, knownOrder } from './attribute-path.js'

const has = (list: readonly Value[], value: Value, budget: Budget): boolean => {
  budget.visit(list.length)
  return list.some(one => equal(one, value, budget) === true)
}

/** How `list_merge` makes one list of two; the second has precedence. */
const listMerges: {
  readonly [name: string]: (a: readonly Value[], b: readonly Value[], budget: Budget) => readonly Value[]
} = {
  replace: (_, b) => b,
  keep: a => a,
  append: (a, b) => [...a, ...b],
  prepend: (a, b) => [...b, ...a],
  append_rp: (a, b, budget) => [...a.filter(one => !has(b, one, budget)), ...b],
  prepend_rp: (a, b, budget) => [...b, ...a.filter(one => !has(b, one, budget))],
}

export const merge = (low: Dict, high: Dict, recursive: boolean, listMerge: string, budget: Budget): Dict => {
  budget.visit(low.size + high.size)
  const merged = new Map(low)
  const mergeLists = listMerges[listMerge]
  if (mergeLists === undefined || !Object.hasOwn(listMerges, listMerge)) {
    throw new OperationError(`combine: list_merge is one of ${Object.keys(listMerges).join(', ')}, not '${listMerge}'`)
  }
  for (const [key, value] of high) {
    const before = merged.get(key)
    if (before instanceof Map && value instanceof Map)
      merged.set(key, recursive ? merge(before, value, recursive, listMerge, budget) : value)
    else if (before !== undefined && isList(before) && isList(value)) merged.set(key, mergeLists(before, value, budget))
    else merged.set(key, value)
  }
  return markOwned(merged)
}

const combine = filter(
  '*others recursive=false list_merge="replace"',
  (value, [others = [], recursive = false, listMerge = 'replace'], { budget }) => {
    const all = [value, ...(others as readonly Value[])].flatMap(one => (isList(one) ? one : [one]))
    const found = all.find(one => one instanceof Unknown)
    if (found !== undefined) return found
    const dicts = all.map(one => asDict(one instanceof Secret ? one.reveal() : one, 'what combine merges'))
    const merged: Dict = new Map()
    return dicts.reduce(
      (low, high) => merge(low, high, truth(recursive) === true, asText(listMerge, 'list_merge'), budget),
      merged,
    )
  },
  'shallow',
)

const dictSort = filter(
  'case_sensitive=false by="key" reverse=false',
  (value, [caseSensitive = false, by = 'key', reverse = false], { budget }) => {
    if (by !== 'key' && by !== 'value') throw new OperationError("dictsort sorts by 'key' or 'value'")
    const sensitive = truth(caseSensitive) === true
    const sign = truth(reverse) === true ? -1 : 1
    const keyed = [...asDict(value, 'what dictsort sorts')].map(([key, one]) => ({
      pair: Tuple.of2(key, one),
      by: caseFolded(by === 'key' ? key : one, sensitive, budget),
    }))
    return keyed.sort((a, b) => sign * knownOrder(a.by, b.by, budget)).map(({ pair }) => pair)
  },
  'shallow',
)

const pairDict = (first: Value, second: Value, key: string, value: string): Value =>
  markOwned(
    new Map<Key, Value>([
      [key, first],
      [value, second],
    ]),
  )

const memberOf = (one: Value, name: Value): Value => {
  const found = one instanceof Map || isList(one) ? item(one, name) : undefined
  if (found !== undefined) return found
  if (one instanceof Unknown) throw new UnknownSignal(one)
  const shown = one instanceof Map ? repr(one) : `${aType(one)}`
  throw new OperationError(`items2dict needs dicts with '${text(name)}'; one item is ${shown}`)
}

const subelements = filter(
  'subelements skip_missing=false',
  (value, [path = '', skip = false]) => {
    const steps = isList(path) ? path.map(text) : text(path).split('.')
    const elements = value instanceof Map ? [...value.values()] : knownItems(value)
    return elements.flatMap(element => {
      let inner: Value = element
      for (const step of steps) {
        const next = inner instanceof Map ? inner.get(step) : undefined
        if (next === undefined && truth(skip) === true && inner instanceof Map) return []
        if (next === undefined) throw new OperationError(`subelements: an item has no '${step}'`)
        inner = next
      }
      if (!isList(inner)) throw new OperationError(`subelements: '${steps.join('.')}' is ${aType(inner)}, not a list`)
      return inner.map(one => Tuple.of2(element, one))
    })
  },
  'shallow',
)

const extract = filter(
  'container morekeys=null',
  (value, [container = null, more = null], call) => {
    const keys = more === null ? [value] : isList(more) ? [value, ...more] : [value, more]
    let inner = container
    for (const key of keys) {
      if ((inner as unknown) instanceof Undefined || inner instanceof Unknown) return inner
      const found = item(inner, key)
      if (found === undefined) {
        const missing = noAttribute('the container', inner, key)
        return call.undefined(missing.message, missing.hint)
      }
      inner = found
    }
    return inner
  },
  'shallow',
)

const rekey = filter(
  'key duplicates="error"',
  (value, [key = '', duplicates = 'error']) => {
    const made = new Map<Key, Value>()
    for (const one of value instanceof Map ? value.values() : knownItems(value)) {
      const name = asKey(asDict(one, 'each item').get(asKey(key)) ?? null)
      if (name === null) throw new OperationError(`rekey_on_member: an item has no '${text(key)}'`)
      if (made.has(name) && duplicates === 'error')
        throw new OperationError(`rekey_on_member: '${name}' is there twice`)
      made.set(name, one)
    }
    return markOwned(made)
  },
  'shallow',
)

export const dicts: FilterTable = {
  combine,
  dictsort: dictSort,
  items: filter(
    '',
    value => [...asDict(value, 'what items takes apart')].map(([key, one]) => Tuple.of2(key, one)),
    'shallow',
  ),
  dict2items: filter(
    'key_name="key" value_name="value"',
    (value, [key = 'key', member = 'value']) =>
      [...asDict(value, 'what dict2items takes apart')].map(([name, one]) =>
        pairDict(name, one, text(key), text(member)),
      ),
    'shallow',
  ),
  items2dict: filter(
    'key_name="key" value_name="value"',
    (value, [key = 'key', member = 'value']) =>
      markOwned(
        new Map(asList(value, 'what items2dict takes').map(one => [asKey(memberOf(one, key)), memberOf(one, member)])),
      ),
    'shallow',
  ),
  dict: filter(
    '',
    value =>
      markOwned(new Map(knownItems(value).map(one => [asKey(knownItems(one)[0] ?? null), knownItems(one)[1] ?? null]))),
    'shallow',
  ),
  dict_kv: filter('key', (value, [key = '']) => markOwned(new Map<Key, Value>([[asKey(key), value]])), 'shallow'),
  subelements,
  extract,
  rekey_on_member: rekey,
}

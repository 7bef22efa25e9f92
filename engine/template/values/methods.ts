import { type Float, float, int, type Key, type Meter, PartDict, Unknown, type Value } from '../../core/value.js'
import { asKey, isInt, OperationError, Tuple } from '../../python/kinds.js'
import { toNumber } from '../../python/text.js'
import { equal, knownTruth, orderOf, truth } from './compare.js'
import { asDict, asInt } from './convert.js'
import { assertOwned, MethodTable, markOwned } from './method-table.js'
import { items } from './sequence.js'

type List = readonly Value[]
type MutableDict = Map<Key, Value>

/** A method that changes a list and returns None, as Python's do. */
const changes =
  (name: string, change: (list: Value[], args: readonly Value[], meter: Meter) => unknown) =>
  (list: List, args: readonly Value[], meter: Meter): Value => {
    change(changing(list, `${name}()`), args, meter)
    return null
  }

export const listMethods = new MethodTable<List>('list', {
  append: ['item', changes('append', (list, [item = null]) => list.push(item))],
  extend: ['items', changes('extend', (list, [more = null]) => list.push(...all(more)))],
  insert: [
    'index item',
    changes('insert', (list, [at = 0, item = null]) => list.splice(asInt(at, 'the index'), 0, item)),
  ],
  pop: ['index=-1', (list, [at = -1]) => removeAt(changing(list, 'pop()'), asInt(at, 'the index'))],
  remove: ['item', changes('remove', (list, [item = null], meter) => removeAt(list, position(list, item, meter)))],
  clear: ['', changes('clear', list => list.splice(0))],
  reverse: ['', changes('reverse', list => list.reverse())],
  sort: ['', changes('sort', (list, _, meter) => list.sort((a, b) => requireKnown(orderOf(a, b, meter))))],
  copy: ['', list => markOwned([...list])],
  count: ['item', (list, [item = null], meter) => countOf(list, item, meter)],
  index: ['item', (list, [item = null], meter) => position(list, item, meter)],
})

export const dictMethods = new MethodTable<ReadonlyMap<Key, Value>>('dict', {
  get: ['key default=null', (dict, [key = null, fallback = null]) => lookedUp(dict, key, fallback)],
  items: ['', dict => unlessPart(dict, () => [...dict].map(([key, value]) => Tuple.of2(key, value)))],
  keys: ['', dict => unlessPart(dict, () => [...dict.keys()])],
  values: ['', dict => unlessPart(dict, () => [...dict.values()])],
  copy: ['', dict => markOwned(new Map(dict))],
  update: ['other=null **named', (dict, [other = null, named = null]) => updated(dict, other, named)],
  setdefault: ['key default=null', (dict, [key = null, value = null]) => setDefault(dict, asKey(key), value)],
  pop: ['key *default', (dict, [key = null, rest = null]) => popKey(dict, key, all(rest)[0])],
  popitem: ['', dict => popLast(dict)],
  clear: ['', dict => emptied(dict)],
})

export const numberMethods = new MethodTable<number | bigint | boolean | Float>(
  'number',
  {
    bit_length: [
      '',
      value => (BigInt(whole(value)) === 0n ? 0 : BigInt(whole(value)).toString(2).replace('-', '').length),
    ],
    is_integer: ['', value => Number.isInteger(toNumber(value))],
    __and__: ['other', (value, [other = 0]) => int(BigInt(whole(value)) & BigInt(whole(other)))],
    __or__: ['other', (value, [other = 0]) => int(BigInt(whole(value)) | BigInt(whole(other)))],
    __xor__: ['other', (value, [other = 0]) => int(BigInt(whole(value)) ^ BigInt(whole(other)))],
    __lshift__: ['other', (value, [other = 0]) => int(BigInt(whole(value)) << shift(other))],
    __rshift__: ['other', (value, [other = 0]) => int(BigInt(whole(value)) >> shift(other))],
  },
  {
    real: value => (typeof value === 'boolean' ? Number(value) : value),
    imag: value => (isInt(value) ? 0 : float(0)),
  },
)

const unlessPart = (dict: ReadonlyMap<Key, Value>, all: () => Value): Value =>
  dict instanceof PartDict ? dict.rest : all()

const whole = (value: Value): number | bigint | boolean => {
  if (isInt(value)) return value
  throw new OperationError('bits are of ints only')
}

const shift = (value: Value): bigint => {
  const by = BigInt(whole(value))
  if (by < 0n || by > 4096n) throw new OperationError('a shift is by 0 to 4096 bits')
  return by
}

const changing = (list: List, what: string): Value[] => {
  assertOwned(list, `list.${what}`)
  return list as Value[]
}

const changingDict = (dict: ReadonlyMap<Key, Value>, what: string): MutableDict => {
  assertOwned(dict, `dict.${what}`)
  return dict as MutableDict
}

const all = (value: Value): readonly Value[] => {
  const list = items(value)
  if (list instanceof Unknown) throw new OperationError(`not known yet: ${list.waitsFor}`)
  return list
}

const removeAt = (list: Value[], index: number): Value => {
  const at = index < 0 ? index + list.length : index
  const [gone] = at >= 0 ? list.splice(at, 1) : []
  if (gone === undefined) throw new OperationError(`the list has no item ${index} to take out`)
  return gone
}

const countOf = (list: List, item: Value, meter: Meter): number =>
  list.filter(one => knownTruth(equal(one, item, meter))).length

const position = (list: List, item: Value, meter: Meter): number => {
  meter.visit(list.length)
  const at = list.findIndex(one => knownTruth(equal(one, item, meter)))
  if (at === -1) throw new OperationError('the list has no such item')
  return at
}

const requireKnown = (order: number | Unknown): number => {
  if (order instanceof Unknown) throw new OperationError(`not known yet: ${order.waitsFor}`)
  return order
}

const emptied = (dict: ReadonlyMap<Key, Value>): Value => {
  changingDict(dict, 'clear()').clear()
  return null
}

const lookedUp = (dict: ReadonlyMap<Key, Value>, key: Value, fallback: Value): Value => {
  if (key instanceof Unknown) return key
  const name = asKey(key)
  const found = dict.get(name)
  if (found !== undefined) return found
  return dict instanceof PartDict && dict.restAt(name) !== undefined ? dict.rest : fallback
}

const updated = (dict: ReadonlyMap<Key, Value>, other: Value, named: Value): Value => {
  const target = changingDict(dict, 'update()')
  const pairs = other instanceof Map ? [...other] : truth(other) === false ? [] : all(other).map(pair)
  for (const [key, value] of [...pairs, ...asDict(named, 'the named arguments')]) target.set(key, value)
  return null
}

const pair = (value: Value): readonly [Key, Value] => {
  const [key = null, one = null] = all(value)
  return [asKey(key), one]
}

const setDefault = (dict: ReadonlyMap<Key, Value>, key: Key, value: Value): Value => {
  const there = dict.get(key)
  if (there !== undefined) return there
  changingDict(dict, 'setdefault()').set(key, value)
  return value
}

const popKey = (dict: ReadonlyMap<Key, Value>, key: Value, fallback: Value | undefined): Value => {
  const name = asKey(key)
  const target = changingDict(dict, 'pop()')
  const gone = target.get(name)
  if (gone === undefined) {
    if (fallback !== undefined) return fallback
    throw new OperationError(`the dict has no key '${name}' to take out`)
  }
  target.delete(name)
  return gone
}

const popLast = (dict: ReadonlyMap<Key, Value>): Value => {
  const last = [...dict].at(-1)
  if (last === undefined) throw new OperationError('the dict is empty')
  changingDict(dict, 'popitem()').delete(last[0])
  return Tuple.of2(...last)
}

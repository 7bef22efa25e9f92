import { type Key, type Meter, Perhaps, Secret, Unknown, type Value } from '../../core/value.js'
import { isInt, isList, Undefined, UnknownSignal } from '../../python/kinds.js'
import { text, textOrder } from '../../python/text.js'
import type { Call } from '../contract.js'
import { item, noAttribute } from '../values/access.js'
import { orderOf } from '../values/compare.js'

/** `attribute='a.b.0'` of map, sort, sum …: reads one value from an item. */
export type Getter = (item: Value) => Value

/**
 * @param path null: the item itself
 * @param fallback stands for what is missing; without one it is undefined
 */
export const getter = (path: Value, call: Call, fallback?: Value): Getter => {
  if (path === null) return value => value
  const steps: readonly Value[] = isInt(path)
    ? [Number(path)]
    : text(path)
        .split('.')
        .map(step => (/^\d+$/.test(step) ? Number(step) : step))
  return value => {
    let inner = value
    for (const step of steps) {
      if (inner instanceof Unknown) return new Perhaps(inner.waitsFor)
      if ((inner as unknown) instanceof Undefined) return fallback === undefined ? inner : fallback
      const found = item(inner, step)
      if (found === undefined) {
        if (fallback !== undefined) return fallback
        const missing = noAttribute('an item', inner, step)
        return call.undefined(missing.message, missing.hint)
      }
      inner = found
    }
    return inner
  }
}

/** `attribute='a,b'`: several values to sort by. */
export const getters = (paths: Value, call: Call): Getter => {
  if (typeof paths !== 'string' || !paths.includes(',')) return getter(paths, call)
  const all = paths.split(',').map(path => getter(path, call))
  return value => all.map(one => one(value))
}

/** Case folded unless it counts. */
export const folded = (value: Value, caseSensitive: boolean, meter: Meter): Value => {
  if (caseSensitive) return value
  if (typeof value === 'string') return value.toLowerCase()
  if (value instanceof Secret) return folded(value.reveal(), caseSensitive, meter)
  if (!isList(value)) return value
  meter.visit(value.length)
  return value.map(one => folded(one, caseSensitive, meter))
}

/** An order that must be known. @throws UnknownSignal, OperationError for what has no order */
export const order = (a: Value, b: Value, meter: Meter): number => {
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b)
  const result = orderOf(a, b, meter)
  if (result instanceof Unknown) throw new UnknownSignal(result)
  return result
}

/** Of keys of dicts: none of them has members. */
export const keyOrder = (a: Key, b: Key): number => order(a, b, { visit: () => undefined, grow: () => undefined })

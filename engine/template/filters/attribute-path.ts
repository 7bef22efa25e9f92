import { type Key, type Meter, Perhaps, Secret, Unknown, type Value } from '../../core/value.js'
import { isInt, isList, Undefined, UnknownSignal } from '../../python/kinds.js'
import { text, textOrder } from '../../python/text.js'
import type { Call } from '../contract.js'
import { item, noAttribute } from '../values/access.js'
import { orderOf } from '../values/compare.js'

/** Reads the value at a path such as `a.b.0` from an item, for `attribute=` of map, sort, sum and others. */
export type Getter = (item: Value) => Value

/**
 * @param path null for the item itself
 * @param fallback replaces a missing value, which is undefined without it
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

/** As `getter`, also for `attribute='a,b'`: a list of several values to sort by. */
export const getters = (paths: Value, call: Call): Getter => {
  if (typeof paths !== 'string' || !paths.includes(',')) return getter(paths, call)
  const all = paths.split(',').map(path => getter(path, call))
  return value => all.map(one => one(value))
}

/** In lower case, at any depth, unless the case counts. */
export const caseFolded = (value: Value, caseSensitive: boolean, meter: Meter): Value => {
  if (caseSensitive) return value
  if (typeof value === 'string') return value.toLowerCase()
  if (value instanceof Secret) return caseFolded(value.reveal(), caseSensitive, meter)
  if (!isList(value)) return value
  meter.visit(value.length)
  return value.map(one => caseFolded(one, caseSensitive, meter))
}

/** As `orderOf`, where the caller cannot go on without knowing it. @throws UnknownSignal, OperationError for types without an order */
export const knownOrder = (a: Value, b: Value, meter: Meter): number => {
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b)
  const result = orderOf(a, b, meter)
  if (result instanceof Unknown) throw new UnknownSignal(result)
  return result
}

/** The order of two keys of dicts, which have no members to charge for. */
export const knownKeyOrder = (a: Key, b: Key): number =>
  knownOrder(a, b, { visit: () => undefined, grow: () => undefined })

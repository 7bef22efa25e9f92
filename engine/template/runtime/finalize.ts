import { Callable, type Dict, type Key, PartDict, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import { Opaque, OperationError, omit, rejectUndefined, Tuple, typeName, Undefined } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Budget } from '../budget.js'

/**
 * Makes a template's result fit to leave the engine: rejects undefined values at any depth, removes keys and items that are `omit`,
 * turns tuples into lists and unsafe strings into strings. Parts that need no change are shared with the input.
 * @param lazily for a variable's value: members that are undefined for lack of an `else` stay, and are an error only where they are used
 * @throws ExpressionError for an undefined, however deep; OperationError 'budget'
 */
export const finalize = (value: Value, budget: Budget, lazily = false): Value => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return finalList(value, budget, lazily)
  if (value instanceof Map) return finalDict(value, budget, lazily)
  if (value instanceof Unsafe) return value.text
  if (value instanceof Unknown || value === omit) return value
  if (value instanceof Secret) {
    const inside = value.reveal()
    const final = finalize(inside, budget, lazily)
    return final === inside ? value : new Secret(final)
  }
  rejectUndefined(value)
  const inner = value as unknown
  if (inner instanceof Undefined) throw inner.error()
  if (value instanceof Callable || inner instanceof Opaque) return finalObject(value)
  return value
}

/** Turns a point in time into text. @throws OperationError for functions and other objects, which are no data */
const finalObject = (value: Value): Value => {
  if (['datetime', 'timedelta'].includes(typeName(value))) return text(value)
  throw new OperationError(
    `the result is a ${value instanceof Callable ? 'function' : typeName(value)}, which is no data`,
    'type',
    "call it with (), or write ['name'] for a key of that name",
  )
}

const finalMember = (one: Value, budget: Budget, lazily: boolean): Value =>
  lazily && (one as unknown) instanceof Undefined && (one as unknown as Undefined).soft
    ? one
    : finalize(one, budget, lazily)

const finalList = (list: readonly Value[], budget: Budget, lazily: boolean): Value => {
  budget.visit(list.length)
  let changed = list instanceof Tuple
  const final: Value[] = []
  for (const one of list) {
    const done = finalMember(one, budget, lazily)
    if (done === omit) changed = true
    else final.push(done)
    if (done !== one) changed = true
  }
  return changed ? final : list
}

const finalDict = (dict: Dict, budget: Budget, lazily: boolean): Value => {
  budget.visit(dict.size)
  // A lazy dict is copied: its members are evaluated now, so that their errors are thrown here and not at a later reader.
  let changed = dict.constructor !== Map && !(dict instanceof PartDict)
  const final = new Map<Key, Value>()
  for (const [key, one] of dict) {
    const done = finalMember(one, budget, lazily)
    if (done === omit) changed = true
    else final.set(key, done)
    if (done !== one) changed = true
  }
  if (!changed) return dict
  return dict instanceof PartDict ? new PartDict(final, dict.rest, dict.absent) : final
}

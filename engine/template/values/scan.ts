import { Callable, PartDict, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import { rejectUndefined } from '../../python/kinds.js'
import type { Budget } from '../budget.js'

/** What one pass over a value found: the first unknown, and whether there are secrets and unsafe texts. */
export interface Scan {
  unknown: Unknown | undefined
  secret: boolean
  unsafe: boolean
  readonly budget: Budget
}

export const newScan = (budget: Budget): Scan => ({ unknown: undefined, secret: false, unsafe: false, budget })

/** Looks through a value at any depth. @throws ExpressionError where something undefined is inside; OperationError 'budget' */
export const scan = (value: Value, found: Scan): void => {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    found.budget.visit(value.length)
    for (const one of value) scan(one, found)
  } else if (value instanceof Map) {
    found.budget.visit(value.size)
    if (value instanceof PartDict) found.unknown ??= value.rest
    for (const one of value.values()) scan(one, found)
  } else if (value instanceof Unknown) {
    found.unknown ??= value
  } else if (value instanceof Secret) {
    found.secret = true
    scan(value.reveal(), found)
  } else if (value instanceof Unsafe) {
    found.unsafe = true
  } else {
    rejectUndefined(value)
  }
}

/** The same value with secrets revealed and unsafe texts as plain ones, at any depth. */
export const reveal = (value: Value): Value => {
  if (typeof value !== 'object' || value === null || value instanceof Callable) return value
  if (value instanceof Secret) return reveal(value.reveal())
  if (value instanceof Unsafe) return value.text
  if (Array.isArray(value)) return value.map(reveal)
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, reveal(one)]))
  return value
}

import { Secret, type Value } from '../../core/value.js'
import { isList, omit } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Budget } from '../budget.js'
import type { Locals } from '../contract.js'
import { finalize } from '../runtime/finalize.js'
import { undefinedFrom } from '../values/access.js'
import { newScan, reveal, scan } from '../values/scan.js'

/** A tuple among several pieces prints as a list, since tuples leave templates as lists. */
const withoutTuples = (value: Value, budget: Budget): Value =>
  isList(value) || value instanceof Map ? finalize(value, budget) : value

/**
 * Joins the pieces of a template. No piece makes null, a single one keeps its type, several make text, in which None is empty.
 * Text is never parsed as a literal, as in ansible-core 2.19.
 */
export const concat = (pieces: readonly Value[], budget: Budget): Value => {
  if (pieces.length === 1) return pieces[0] ?? null
  if (pieces.length === 0) return null
  let out = ''
  let secret = false
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      out += piece
      continue
    }
    if (piece === omit) continue
    const found = newScan(budget)
    scan(piece, found)
    if (found.unknown !== undefined) return found.unknown
    secret ||= found.secret
    const shown = text(withoutTuples(found.secret ? reveal(piece) : piece, budget))
    budget.grow(shown.length)
    out += shown
  }
  return secret ? new Secret(out) : out
}

/**
 * The value of a block inside a template (set, filter, a macro's body). If one of its pieces is undefined the value is undefined, which is
 * an error only where it is used.
 */
export const captured = (locals: Locals, run: (out: Value[]) => unknown): Value => {
  const pieces: Value[] = []
  run(pieces)
  try {
    return concat(pieces, locals.evaluation.budget)
  } catch (error) {
    return undefinedFrom(error, '')
  }
}

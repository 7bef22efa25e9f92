import { Secret, type Value } from '../../core/value.js'
import { isList, omit } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Budget } from '../budget.js'
import type { Locals } from '../contract.js'
import { finalize } from '../runtime/finalize.js'
import { undefinedFrom } from '../values/access.js'
import { newScan, reveal, scan } from '../values/scan.js'

/** Several pieces are text: a tuple inside of them prints as the list that it is everywhere else. */
const withoutTuples = (value: Value, budget: Budget): Value =>
  isList(value) || value instanceof Map ? finalize(value, budget) : value

/**
 * What a template's pieces make: nothing is null, one piece is itself with its own type, several are text (None leaves no trace).
 * No text is ever read as a literal again: the rule of ansible-core 2.19.
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
 * What a block inside of a template makes (set, filter, a macro's body). Something undefined among its pieces makes the whole
 * undefined, which is an error only where it is used.
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

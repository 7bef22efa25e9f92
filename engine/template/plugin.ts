import type { Filter, Reach, Test } from './contract.js'
import { signature } from './values/signature.js'

/** Defines a filter. @param takes the parameters after the value: `width=80 *more` (defaults are JSON) */
export const filter = (takes: string, run: Filter['run'], reach: Reach = 'deep'): Filter => ({
  takes: signature(takes),
  run,
  reach,
})

/** Marks a filter whose cost does not grow with the length of a text, or hardly does: it copies or measures the text at most. */
export const skimming = (one: Filter): Filter => ({ ...one, skims: true })

/** Defines a test. @param takes the parameters after the value, as for `filter` */
export const test = (takes: string, run: Test['run'], reach: Reach = 'deep'): Test => ({
  takes: signature(takes),
  run,
  reach,
})

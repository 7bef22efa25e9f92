import type { Filter, Reach, Test } from './contract.js'
import { signature } from './values/signature.js'

/** @param takes the parameters after the value: `width=80 *more` (defaults are JSON) */
export const filter = (takes: string, run: Filter['run'], reach: Reach = 'deep'): Filter => ({
  takes: signature(takes),
  run,
  reach,
})

/** A filter that looks at no character of a text, or only as fast as memory is read. */
export const skimming = (one: Filter): Filter => ({ ...one, skims: true })

/** @param takes the parameters after the value, as of `filter` */
export const test = (takes: string, run: Test['run'], reach: Reach = 'deep'): Test => ({
  takes: signature(takes),
  run,
  reach,
})

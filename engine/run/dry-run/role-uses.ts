import type { Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { Place } from '../step/place.js'
import { allHold } from '../variables/conditions.js'
import { doubtOf } from './conditional-end.js'

/**
 * A role of which a step ran is passed over where it is used the same way again. In a dry run it may be that a step only perhaps runs; a
 * use that comes again, and does run, has run by then in any case.
 * @param waitsFor why it is not known what came of the step
 */
export const noteUse = (place: Place, one: Step, waitsFor?: string): void => {
  const { roles } = place.stage
  const use = one.origin.role?.use
  if (use === undefined || roles.ran.has(use)) return
  const runs = place.run.input.check ? runsFor(place, one, use, waitsFor) : true
  if (runs instanceof Unknown) roles.perhapsRan.set(use, runs)
  else if (runs) roles.ran.add(use)
}

const runsFor = (
  { run, host, stage }: Place,
  one: Step,
  use: string,
  waitsFor: string | undefined,
): boolean | Unknown => {
  const doubt = doubtOf(host, stage, use)
  if (doubt !== undefined) return doubt
  try {
    return allHold(one.when, run.variables.scope(host.name, { play: stage.hosts, step: one })).holds
  } catch {
    // It hangs on the item of a loop, of which one at least was not skipped.
    return waitsFor === undefined ? true : new Unknown(waitsFor)
  }
}

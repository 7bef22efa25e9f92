import { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { allHold } from '../variables/conditions.js'
import { mayNotReach } from './conditional-end.js'

/**
 * A role of which a step ran is passed over where it is used the same way again. In a dry run it may be that a step only perhaps runs; a
 * use that comes again, and does run, has run by then in any case.
 * @param waitsFor why it is not known what came of the step
 */
export const noteUse = (context: StepContext, waitsFor?: string): void => {
  const { roles } = context.stage
  const use = context.step.origin.role?.use
  if (use === undefined || roles.ran(use)) return
  roles.note(use, context.run.input.check ? runsFor(context, use, waitsFor) : true)
}

const runsFor = (context: StepContext, use: string, waitsFor: string | undefined): boolean | Unknown => {
  const { host, stage, step } = context
  const open = mayNotReach(host, stage, use)
  if (open !== undefined) return open
  try {
    return allHold(step.when, context.scope()).holds
  } catch {
    // It hangs on the item of a loop, of which one at least was not skipped.
    return waitsFor === undefined ? true : new Unknown(waitsFor)
  }
}

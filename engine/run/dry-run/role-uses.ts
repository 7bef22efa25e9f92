import { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { allHold } from '../variables/conditions.js'
import { mayNotReach } from './conditional-end.js'

/**
 * Records that a step of a role ran: a second use of the role with the same parameters is skipped. In a dry run the
 * step may only perhaps run.
 * @param waitsFor why the result of the step is unknown
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
    // The condition depends on a loop item; at least one item was not skipped.
    return waitsFor === undefined ? true : new Unknown(waitsFor)
  }
}

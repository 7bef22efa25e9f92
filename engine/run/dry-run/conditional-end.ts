import { computed } from '../../core/expr.js'
import type { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * What it hangs on whether the host comes to where it stands; undefined where it does for certain.
 * @param use a role's use of which it does not matter that it perhaps ran before
 */
export const mayNotReach = (host: Host, { conditionalEnds, state }: Stage, use?: string): Unknown | undefined => {
  const { cursor } = host.timeline
  const left = [...state.progress.conditionalEnds, ...conditionalEnds].find(
    ({ within }) => within === undefined || cursor.isWithin(within),
  )
  return (left ?? cursor.again().find(one => one.use !== use))?.unknown
}

/** The step as it stands there: on one more condition where the host perhaps does not come to it. */
export const withReachability = (context: StepContext): StepContext => {
  const { host, stage, step } = context
  const open = mayNotReach(host, stage)
  return open === undefined ? context : context.withStep({ ...step, when: [...step.when, computed([], () => open)] })
}

import { computed } from '../../core/expr.js'
import type { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * Why it is not known whether the host reaches its current position; undefined where the host certainly does.
 * @param use a use of a role whose earlier run, if it was uncertain, does not matter
 */
export const mayNotReach = (host: Host, { conditionalEnds, state }: Stage, use?: string): Unknown | undefined => {
  const { cursor } = host.timeline
  const left = [...state.progress.conditionalEnds, ...conditionalEnds].find(
    ({ within }) => within === undefined || cursor.isWithin(within),
  )
  return (left ?? cursor.again().find(one => one.use !== use))?.unknown
}

/** The step with one more condition, where the host only perhaps reaches it. */
export const withReachability = (context: StepContext): StepContext => {
  const { host, stage, step } = context
  const open = mayNotReach(host, stage)
  return open === undefined ? context : context.withStep({ ...step, when: [...step.when, computed([], () => open)] })
}

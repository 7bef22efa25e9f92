import { spotOf } from '../timeline/path.js'
import { numeric } from '../variables/conditions.js'
import type { Around } from './around.js'
import type { Outcome } from './outcome.js'

/**
 * `throttle`: only so many hosts are at this step at once. Who waits for that holds no slot of `forks`. Each batch, and each time that
 * the same task is included, has slots of its own: who has one may wait for those that stand before it, and they for theirs.
 */
export const throttled: Around<Outcome> = async (context, next) => {
  const { run, host, path, step } = context
  const most = step.throttle === undefined ? undefined : numeric('throttle', step.throttle, context.scope())
  if (most === undefined || most < 1) return next(context)
  const release = await host.slot.releaseWhile(run.throttle.slots(spotOf(path, step), most).take())
  try {
    return await next(context)
  } finally {
    release()
  }
}

import { spotOf } from '../timeline/path.js'
import { numeric } from '../variables/conditions.js'
import type { Around } from './around.js'
import type { Outcome } from './outcome.js'

/**
 * `throttle`: limits the hosts at this step. A host that waits for a slot of `throttle` holds no slot of `forks`. Each
 * batch, and each inclusion of the same task, has its own slots: a host that holds one may wait for hosts before it,
 * and must not wait for one of them that needs the same slot.
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

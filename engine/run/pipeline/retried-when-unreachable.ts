import { TkplayError } from '../../core/failure.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import type { Result } from '../step/result.js'
import type { Around } from './around.js'

/**
 * A host that cannot be reached ahead of its turn may only not be there yet: what comes before may boot it, or bring the key. So its
 * failure counts when all that is done, after another try.
 */
export const retriedWhenUnreachable: Around<Result> = async (context, next) => {
  const { run, host, order, tried } = context
  const isEarly = !run.effectOrder.isTurn(order)
  try {
    return await next(context)
  } catch (error) {
    if (!isEarly || !(error instanceof TkplayError) || error.failure.kind !== 'unreachable') throw error
    await waitForTurn(context)
    host.askedForLeftovers.clear()
    return next(context.withTry({ ...tried, isAgain: true }))
  }
}

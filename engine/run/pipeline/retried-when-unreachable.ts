import { TkplayError } from '../../core/failure.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import type { Result } from '../step/result.js'
import type { Around } from './around.js'

/**
 * Tries again at the step's turn if the host was unreachable before it: an earlier step may boot the host, or bring the
 * key.
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

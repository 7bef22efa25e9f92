import { TkplayError } from '../../core/failure.js'
import { turnCome, type Waiting } from './wait-turn.js'

/**
 * A host that cannot be reached ahead of its turn may only not be there yet: what comes before may boot it, or bring the key. So its
 * failure counts when all that is done, after another try.
 * @param work told whether what was read before counts no more
 * @throws Interrupted, and what the work throws
 */
export const reachedAtItsTurn = async <T>(waiting: Waiting, work: (isAgain: boolean) => Promise<T>): Promise<T> => {
  const { run, host, order } = waiting
  const isEarly = !run.gate.isTurn(order)
  try {
    return await work(false)
  } catch (error) {
    if (!isEarly || !(error instanceof TkplayError) || error.failure.kind !== 'unreachable') throw error
    await turnCome(waiting)
    host.greeted.length = 0
    return work(true)
  }
}

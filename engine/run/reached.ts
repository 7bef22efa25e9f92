import { TkplayError } from '../core/failure.js'
import { turnCome, type Waiting } from './turn.js'

/**
 * A host that cannot be reached ahead of its turn may only not be there yet: what comes before may boot it, or bring the key. So its
 * failure counts when all that is done, after another try.
 * @throws Interrupted, and what the work throws
 */
export const reachedAtItsTurn = async <T>(waiting: Waiting, work: () => Promise<T>): Promise<T> => {
  const { run, host, order } = waiting
  const isEarly = !run.gate.isTurn(order)
  try {
    return await work()
  } catch (error) {
    if (!isEarly || !(error instanceof TkplayError) || error.failure.kind !== 'unreachable') throw error
    await turnCome(waiting)
    host.greeted.length = 0
    run.epochs.raiseHost(host.name)
    return work()
  }
}

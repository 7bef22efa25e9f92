import type { StepContext } from '../context.js'
import { CalledOff, Interrupted } from '../timeline/interrupted.js'
import type { Path } from '../timeline/path.js'

/**
 * Waits until all hosts have finished the steps before this one.
 * @throws Interrupted where the run ends meanwhile, CalledOff where the host has to go elsewhere
 */
export const waitForTurn = async ({ run, host, stage, order }: StepContext, path: Path = order): Promise<void> => {
  if (!run.effectOrder.isTurn(path)) await host.slot.releaseWhile(run.effectOrder.waitForTurn(path))
  if (run.input.stopping.aborted) throw new Interrupted()
  const { progress } = stage.state
  if (progress.isEnded || progress.sharesFailure(host.name) || run.lastBatch.isPast(stage.path)) throw new CalledOff()
}

/**
 * Evaluates before the step's turn, so that reads need not wait. If the evaluation read variables of other hosts, it is
 * repeated at the step's turn, when those hosts have finished the steps before it.
 * @param evaluate must make its own scope, since a scope caches values
 */
export const asOfItsTurn = async <T>(context: StepContext, evaluate: () => T | Promise<T>): Promise<T> => {
  const { run, host, order } = context
  const before = host.looksElsewhere
  const early = await settled(evaluate)
  if (host.looksElsewhere === before || run.effectOrder.isTurn(order)) return early()
  await waitForTurn(context)
  return evaluate()
}

/** The value or error of a function, to be returned or thrown later. */
const settled = async <T>(evaluate: () => T | Promise<T>): Promise<() => T> => {
  try {
    const value = await evaluate()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

import type { StepContext } from '../context.js'
import { CalledOff, Interrupted } from '../timeline/interrupted.js'
import type { Path } from '../timeline/path.js'

/**
 * Waits until all that comes before is done on all hosts.
 * @throws Interrupted where the run ends meanwhile, CalledOff where the host is to go elsewhere
 */
export const waitForTurn = async ({ run, host, stage, order }: StepContext, path: Path = order): Promise<void> => {
  if (!run.effectOrder.isTurn(path)) await host.slot.releaseWhile(run.effectOrder.waitForTurn(path))
  if (run.input.stopping.aborted) throw new Interrupted()
  const { progress } = stage.state
  if (progress.isEnded || progress.sharesFailure(host.name) || run.lastBatch.isPast(stage.path)) throw new CalledOff()
}

/**
 * Evaluates ahead of the order of effects, as reads do. What turns out to hang on another host's variables counts only when all
 * that comes before is done there too: it is evaluated again then.
 * @param evaluate makes its own scope, which keeps what it saw
 */
export const asOfItsTurn = async <T>(context: StepContext, evaluate: () => T | Promise<T>): Promise<T> => {
  const { run, host, order } = context
  const before = host.looksElsewhere
  const early = await settled(evaluate)
  if (host.looksElsewhere === before || run.effectOrder.isTurn(order)) return early()
  await waitForTurn(context)
  return evaluate()
}

/** What came of it, to be returned or thrown later. */
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

import type { StepContext } from '../context.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** `--step`: the user is asked once for all hosts, when all before the step are finished. */
export const confirmed: Around<Outcome> = async (context, next) => ((await isWanted(context)) ? next(context) : passed)

const isWanted = async (context: StepContext): Promise<boolean> => {
  const { run, host, path } = context
  if (run.confirm?.asks !== true || context.gathersFacts) return true
  await waitForTurn(context, path)
  return host.slot.releaseWhile(run.confirm.wanted(path, context.name.name))
}

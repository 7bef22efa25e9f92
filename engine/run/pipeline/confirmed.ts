import type { StepContext } from '../context.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** `--step`: asks the user once for all hosts, after all earlier steps are finished. */
export const confirmed: Around<Outcome> = async (context, next) => ((await isWanted(context)) ? next(context) : passed)

const isWanted = async (context: StepContext): Promise<boolean> => {
  const { run, host, path } = context
  if (run.confirm?.asks !== true || context.gathersFacts) return true
  await waitForTurn(context, path)
  return host.slot.releaseWhile(run.confirm.wanted(path, context.name.name))
}

import type { StepContext } from '../context.js'
import { include } from '../control/include.js'
import type { Around } from './around.js'
import { isInclude } from './flow-steps.js'
import { moved, type Outcome, passed } from './outcome.js'

/**
 * `--start-at-task`: skips the steps before the start. Includes among them are entered, since the start may be inside.
 */
export const afterStart: Around<Outcome> = async (context, next) => {
  if (await isStarted(context)) return next(context)
  if (!isInclude(context.step)) return passed
  await include(context)
  return moved
}

/** Whether this step, or one before it, is the start. Gathering facts always runs, since later tasks need facts. */
const isStarted = async (context: StepContext): Promise<boolean> => {
  const { run, host, path, step } = context
  if (run.startAt === undefined || context.gathersFacts) return true
  const { name } = context.name
  const role = step.origin.role?.name
  const names = role === undefined ? [name] : [name, name.slice(role.length + 3)]
  return host.slot.releaseWhile(run.startAt.reached(path, names))
}

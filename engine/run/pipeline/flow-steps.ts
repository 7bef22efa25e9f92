import type { Step } from '../../core/step.js'
import { include } from '../control/include.js'
import { meta } from '../control/meta.js'
import { finishHandler } from '../handlers/finish.js'
import type { Around } from './around.js'
import { moved, type Outcome } from './outcome.js'

export const isInclude = ({ module }: Step): boolean => module === 'include_tasks' || module === 'include_role'

/** Runs `meta` steps, which decide what comes next. */
export const metaSteps: Around<Outcome> = async (context, next) => {
  if (context.step.module !== 'meta') return next(context)
  // Finished first, since `meta` may end the play.
  if (context.handler) await finishHandler(context)
  await meta(context)
  return moved
}

/** Runs includes: their tasks, or role, replace the step. */
export const includes: Around<Outcome> = async (context, next) => {
  if (!isInclude(context.step)) return next(context)
  if ((await include(context)) && context.handler) await finishHandler(context)
  return moved
}

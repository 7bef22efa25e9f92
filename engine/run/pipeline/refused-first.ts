import type { Around } from './around.js'
import { moved, type Outcome } from './outcome.js'

/** Runs nothing on any host while a step of the run is refused. */
export const refusedFirst: Around<Outcome> = async (context, next) =>
  (await context.run.preflight.lets(context)) ? next(context) : moved

import { isSkippedHandler } from '../handlers/handlers.js'
import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** Skips a handler that was not notified. */
export const handlerNotified: Around<Outcome> = async (context, next) =>
  context.handler && isSkippedHandler(context) ? passed : next(context)

/** Records that a handler has begun: if it fails, it is not tried again in this run. */
export const handlerBegun: Around<Outcome> = (context, next) => {
  if (context.handler) context.host.handlers.begin(context.step)
  return next(context)
}

import { isPassedOver } from '../handlers/handlers.js'
import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** A handler that nobody notified is passed over. */
export const handlerNotified: Around<Outcome> = async (context, next) =>
  context.handler && isPassedOver(context) ? passed : next(context)

/** From here on a handler that fails is not tried again in this run. */
export const handlerBegun: Around<Outcome> = (context, next) => {
  if (context.handler) context.host.handlers.begin(context.step)
  return next(context)
}

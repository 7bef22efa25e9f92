import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** `--tags` and `--skip-tags`. They do not apply to handlers. */
export const selectedByTags: Around<Outcome> = async (context, next) =>
  context.handler || context.run.input.selects(context.step.tags) ? next(context) : passed

import { withReachability } from '../dry-run/conditional-end.js'
import type { Around } from './around.js'
import type { Outcome } from './outcome.js'

/** Dry run: a step that a host perhaps does not come to has that as one more condition. */
export const perhapsReached: Around<Outcome> = (context, next) => next(withReachability(context))

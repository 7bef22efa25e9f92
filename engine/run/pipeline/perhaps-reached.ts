import { withReachability } from '../dry-run/conditional-end.js'
import type { Around } from './around.js'
import type { Outcome } from './outcome.js'

/** Dry run: adds a condition to a step that the host only perhaps reaches. */
export const perhapsReached: Around<Outcome> = (context, next) => next(withReachability(context))

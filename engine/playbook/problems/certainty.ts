import type { Expr } from '../../core/expr.js'
import { noScope } from '../../core/expr.js'
import type { Context } from '../context.js'
import { type Entry, hasTemplate } from '../entry.js'

/**
 * Whether a task in here is certain to be reached, and its failure to end the play: then a mistake is refused before the first connection.
 * It is not certain behind a `when`, in a block that is rescued, in a dynamic include, in a handler, after a step that may end the play,
 * with tags that are not chosen, …
 */
export const isCertain = ({ into, possibleEnd, when, guarded, handlers, inherited, tags }: Context): boolean =>
  !possibleEnd.isNoted &&
  when.length === 0 &&
  !guarded &&
  !handlers &&
  !forgives(inherited.ignoreErrors) &&
  into.load.options.selects(tags)

/** The same of a task. @param context with the task's own keywords */
export const isCertainTask = (context: Context, keywords: readonly Entry[]): boolean =>
  isCertain(context) &&
  keywords.every(({ key, value }) => key !== 'failed_when' && (!isLoop(key) || hasItems(key, value)))

const forgives = (ignoreErrors: Expr | undefined): boolean =>
  ignoreErrors !== undefined && !(ignoreErrors.constant && ignoreErrors.evaluate(noScope) === false)

const isLoop = (key: string): boolean => key === 'loop' || key.startsWith('with_')

/** Whether a loop is certain to have items. */
const hasItems = (key: string, value: Entry['value']): boolean =>
  (key === 'loop' || key === 'with_list') && Array.isArray(value) && value.length > 0 && !hasTemplate(value)

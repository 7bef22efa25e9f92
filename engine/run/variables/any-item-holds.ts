import { ExpressionError } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import { allHold } from './conditions.js'
import { itemsOf } from './loop-items.js'
import type { VariableScope } from './scope.js'

/**
 * Whether `when` is true, for a loop for any item. True where that is not known: the step finds out itself.
 * @throws ExpressionError for a step without a loop
 */
export const anyItemHolds = (step: Step, scope: (over: readonly Layer[]) => VariableScope): boolean => {
  const holds = (over: readonly Layer[]): boolean => allHold(step.when, scope(over)).holds !== false
  if (step.loop === undefined) return holds([])
  try {
    const items = itemsOf(step, scope([]))
    if (items === undefined) return holds([])
    return items instanceof Unknown || items.some(({ layer }) => holds([layer]))
  } catch (error) {
    if (error instanceof ExpressionError) return true
    throw error
  }
}

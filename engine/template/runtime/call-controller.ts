import { ExpressionError } from '../../core/expr.js'
import { OperationError, UnknownSignal } from '../../python/kinds.js'

/** Calls what the environment was given; whatever goes wrong there is a 'lookup' error, with the place of the template. */
export const outside = <T>(what: string, run: () => T): T => {
  try {
    return run()
  } catch (error) {
    if (error instanceof OperationError || error instanceof ExpressionError || error instanceof UnknownSignal)
      throw error
    throw new OperationError(`${what}: ${error instanceof Error ? error.message : String(error)}`, 'lookup')
  }
}

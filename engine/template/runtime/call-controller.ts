import { ExpressionError } from '../../core/expr.js'
import { OperationError, UnknownSignal } from '../../python/kinds.js'

/**
 * Calls a function that the environment was given (files, include, a YAML parser). Its errors become 'lookup' errors, so that the message
 * names the template's line.
 * @param what begins the message
 */
export const callController = <T>(what: string, run: () => T): T => {
  try {
    return run()
  } catch (error) {
    if (error instanceof OperationError || error instanceof ExpressionError || error instanceof UnknownSignal)
      throw error
    throw new OperationError(`${what}: ${error instanceof Error ? error.message : String(error)}`, 'lookup')
  }
}

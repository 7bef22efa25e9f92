import type { StepContext } from '../context.js'
import { notifiedBy } from '../handlers/handlers.js'
import type { Result } from './result.js'

/**
 * Adds the handlers that the step notifies. As in Ansible, only a change notifies, so an unknown handler is an error
 * only then.
 */
export const notifying = (context: StepContext, result: Result): Result => {
  const { status } = result
  if (status === 'changed' || status === 'would-change') return { ...result, notified: notifiedBy(context) }
  return status === 'unknown' ? { ...result, notified: knownHandlers(context) } : result
}

const knownHandlers = (context: StepContext): readonly string[] => {
  try {
    return notifiedBy(context)
  } catch {
    return []
  }
}

import type { StepContext } from '../context.js'
import { notifiedBy } from '../handlers/handlers.js'
import type { Result } from './result.js'

/** The result with the handlers that it notifies. Only what changes something asks for them, as in Ansible: one that is missing is missed then. */
export const notifying = (context: StepContext, result: Result): Result => {
  const { status } = result
  if (status === 'changed' || status === 'would-change') return { ...result, notified: notifiedBy(context) }
  return status === 'unknown' ? { ...result, notified: thoseThere(context) } : result
}

const thoseThere = (context: StepContext): readonly string[] => {
  try {
    return notifiedBy(context)
  } catch {
    return []
  }
}

import { TkplayError } from '../../core/failure.js'
import { errorResult } from '../step/error-result.js'
import type { Result } from '../step/result.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { Around } from './around.js'

/** Turns a thrown error into a result, unless the run was interrupted. */
export const caught: Around<Result> = async (context, next) => {
  try {
    return await next(context)
  } catch (error) {
    rethrowInterrupted(error)
    return errorResult(context, error)
  }
}

/**
 * An interrupted login or read changed nothing on the host, so it interrupts the host. An interrupted change is a
 * result.
 */
const rethrowInterrupted = (error: unknown): void => {
  if (error instanceof Interrupted) throw error
  if (error instanceof TkplayError && error.failure.kind === 'interrupted') throw new Interrupted()
}

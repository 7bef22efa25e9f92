import { TkplayError } from '../../core/failure.js'
import { errorResult } from '../step/error-result.js'
import type { Result } from '../step/result.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { Around } from './around.js'

/** What is thrown is a result too, unless the run was ended. */
export const caught: Around<Result> = async (context, next) => {
  try {
    return await next(context)
  } catch (error) {
    rethrowInterrupted(error)
    return errorResult(context, error)
  }
}

/** Also a login or a read that was ended: nothing was begun on the host. What is ended while it changes something is a result. */
const rethrowInterrupted = (error: unknown): void => {
  if (error instanceof Interrupted) throw error
  if (error instanceof TkplayError && error.failure.kind === 'interrupted') throw new Interrupted()
}

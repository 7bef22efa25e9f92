import { TkplayError } from '../../core/failure.js'
import type { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { mayNotReach } from '../dry-run/conditional-end.js'
import { makesUser, noteUnknown } from '../dry-run/foresee.js'
import { failureOf, reported } from '../failure/failures.js'
import { isOfItsStep } from '../failure/host-failed.js'
import { perhapsForgiven } from './failed-when.js'
import { failedValue, type Result, unknown } from './result.js'

/** What a step hangs on is not known: in a dry run that is its result, in a run a failure. */
export const unknownResult = (context: StepContext, { waitsFor }: Unknown): Result => {
  const { run, step } = context
  if (!run.input.check)
    return errorResult(context, new TkplayError({ kind: 'task-failed', message: `it waits for ${waitsFor}` }))
  noteUnknown(context)
  return perhapsForgiven(step, unknown(waitsFor), context.scope())
}

/** What was thrown, as a result: in a dry run it may be for want of what an earlier step would bring. */
export const errorResult = (context: StepContext, error: unknown): Result => {
  const { host, stage, step } = context
  const failure = failureOf(error, step)
  const open = mayNotReach(host, stage)
  if (open !== undefined && isOfItsStep(failure)) return unknown(open.waitsFor)
  const maker = makesUser(context, failure)
  if (maker !== undefined) {
    noteUnknown(context)
    return unknown(`'${maker}' to run`)
  }
  return {
    status: failure.kind === 'unreachable' ? 'unreachable' : 'failed',
    value: failedValue(failure),
    changes: [],
    failure: reported(failure, step),
  }
}

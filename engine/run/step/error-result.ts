import { TkplayError } from '../../core/failure.js'
import type { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { mayNotReach } from '../dry-run/conditional-end.js'
import { makesUser, noteUnknown } from '../dry-run/foresee.js'
import { failureOf, reported } from '../failure/failures.js'
import { isOfItsStep } from '../failure/host-failed.js'
import { perhapsIgnored } from './failed-when.js'
import { failedValue, type Result, unknown } from './result.js'

/** The result of a step that depends on something unknown: unknown in a dry run, failed in a run. */
export const unknownResult = (context: StepContext, { waitsFor }: Unknown): Result => {
  const { run, step } = context
  if (!run.input.check)
    return errorResult(context, new TkplayError({ kind: 'task-failed', message: `waits for ${waitsFor}` }))
  noteUnknown(context)
  return perhapsIgnored(step, unknown(waitsFor), context.scope())
}

/**
 * An error as a result. In a dry run the cause may be that an earlier step was not executed; then the result is
 * unknown.
 */
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

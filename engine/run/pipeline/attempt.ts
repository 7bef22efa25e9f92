import { ConfigError } from '../../core/failure.js'
import { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { control } from '../control/index.js'
import { notePending } from '../dry-run/foresee.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { converge } from '../step/converge.js'
import { errorResult, unknownResult } from '../step/error-result.js'
import { type Evaluated, type EvaluatedStep, evaluateStep } from '../step/evaluate.js'
import { byItsConditions, isOfParameters } from '../step/failed-when.js'
import { notifying } from '../step/notifying.js'
import { outdate } from '../step/observe.js'
import { recoverPreviousRun } from '../step/recover.js'
import { counted, type Result, skippedValue, unknown } from '../step/result.js'
import { textOf } from '../variables/conditions.js'

/** One attempt at one item: evaluates the step, and brings the host to the wanted state. */
export const attempt = async (context: StepContext): Promise<Result> => {
  const evaluated = await evaluatedAtItsTurn(context, false).catch((error: unknown) => refusal(context, error))
  switch (evaluated.kind) {
    case 'refused':
      return finished(context, evaluated.result)
    case 'skipped':
      return { status: 'skipped', value: skippedValue(evaluated.reason), changes: [] }
    case 'unknown':
      return notifying(context, unknownResult(context, new Unknown(evaluated.waitsFor)))
    case 'control':
      return finished(context, await asOfItsTurn(context, () => control(context, evaluated)))
    case 'ready':
      return onItsHost(context, evaluated)
  }
}

const evaluatedAtItsTurn = (context: StepContext, waits: boolean): Promise<Evaluated> =>
  asOfItsTurn(context, () => evaluateStep(context, waits))

const onItsHost = async (context: StepContext, evaluated: EvaluatedStep): Promise<Result> => {
  const { step, tried } = context
  const { whenUnknown } = evaluated
  // Nothing is changed under a condition that is unknown.
  if (whenUnknown !== undefined && !evaluated.checkMode) return notifying(context, unknownResult(context, whenUnknown))
  context.hide(evaluated.secrets)
  if (tried.isAgain) outdate(evaluated)
  await recoverPreviousRun(context, evaluated)
  const converged = await converge(context, evaluated, async () => {
    const waiting = await evaluatedAtItsTurn(context, true)
    return waiting.kind === 'ready' ? waiting : evaluated
  })
  // The step may be skipped, and then it cannot fail.
  const isPerhaps = converged.status === 'failed' && whenUnknown !== undefined
  const result = isPerhaps ? unknown(whenUnknown.waitsFor) : converged
  await notePending(context, evaluated, result)
  const delegatedTo = textOf(step.delegateTo, context.scope())
  return finished(context, typeof delegatedTo === 'string' ? { ...result, delegatedTo } : result)
}

interface RefusedParameters {
  readonly kind: 'refused'
  readonly result: Result
}

/** The failed result of a module that refuses its parameters. @throws any other error */
const refusal = (context: StepContext, error: unknown): RefusedParameters => {
  const { run, step } = context
  if (!(error instanceof ConfigError) || run.controls.has(step.module) || !isOfParameters(error.failure)) throw error
  return { kind: 'refused', result: errorResult(context, error) }
}

/** The final result; its conditions see the number of the attempt. */
const finished = (context: StepContext, result: Result): Result =>
  notifying(context, byItsConditions(context, counted(result, context.tried.number)))

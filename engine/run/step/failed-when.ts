import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import { isDict, PartDict, Unknown, type Value } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { reported } from '../failure/failures.js'
import { allHold, flag } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import { isDry } from './evaluate.js'
import { type Result, resultLayer, withFields } from './result.js'

/** Applies `failed_when` and `changed_when`, which see the result under the step's `register`. */
export const byItsConditions = (context: StepContext, result: Result): Result => {
  const { run, step } = context
  if (result.status === 'skipped' || result.status === 'unreachable') return result
  const scope = context.scope([resultLayer(step, result)])
  // A step that was not executed has not changed anything, even if `changed_when` is true.
  const isDryStep = isDry(run.input, step, context.scope())
  return withChangedWhen(step, withFailedWhen(step, perhapsIgnored(step, result, scope), scope), scope, isDryStep)
}

/** Dry run: with `ignore_errors` a step may fail and the host goes on, so `failed` is unknown. */
export const perhapsIgnored = (step: Step, result: Result, scope: VariableScope): Result => {
  const { value } = result
  if (!(value instanceof PartDict) || step.ignoreErrors === undefined || !flag(step.ignoreErrors, scope, true))
    return result
  return { ...result, value: value.with([['failed', new Unknown(value.rest.waitsFor)]]) }
}

const withFailedWhen = (step: Step, result: Result, scope: VariableScope): Result => {
  if (step.failedWhen === undefined || !failedWhenApplies(result)) return result
  const { holds } = allHold(step.failedWhen, scope)
  if (holds instanceof Unknown) return result
  // The step may be skipped.
  if (holds && result.status === 'unknown') return result
  if (holds) {
    const failure: Failure = {
      kind: 'task-failed',
      message: `failed_when holds: ${step.failedWhen.map(one => one.text ?? 'true').join(' and ')}`,
      ...(result.failure !== undefined && 'raw' in result.failure.failure && result.failure.failure.raw !== undefined
        ? { raw: result.failure.failure.raw }
        : {}),
    }
    return {
      ...result,
      status: 'failed',
      value: withFields(result.value, [
        ['failed', true],
        ['failed_when_result', true],
      ]),
      failure: reported(failure, step),
    }
  }
  const value = withFields(result.value, [
    ['failed', false],
    ['failed_when_result', false],
  ])
  if (result.status !== 'failed') return { ...result, value }
  const { failure: _, ...rest } = result
  return { ...rest, status: changedOf(result.value) ? 'changed' : 'ok', value }
}

/**
 * `failed_when` decides over the answer of the task, wrong parameters included. An unreachable host, or an error in the
 * playbook, stays a failure.
 */
const failedWhenApplies = ({ failure }: Result): boolean =>
  failure === undefined ||
  isOfParameters(failure.failure) ||
  ['task-failed', 'apply-failed', 'timeout', 'missing'].includes(failure.failure.kind)

/** Whether a failure is about parameters: in Ansible the module refuses them, so this is the module's answer. */
export const isOfParameters = (failure: Failure): boolean =>
  failure.kind === 'invalid-config' && failure.about === 'parameter'

const withChangedWhen = (step: Step, result: Result, scope: VariableScope, dry: boolean): Result => {
  if (step.changedWhen === undefined || result.status === 'failed') return result
  const { holds } = allHold(step.changedWhen, scope)
  const value = withFields(result.value, [['changed', holds]])
  // An unknown result stays unknown: `changed_when` tells whether it counts as a change, not whether the step runs.
  if (result.status === 'unknown') return { ...result, value }
  if (holds instanceof Unknown) {
    // A change that was made stays one.
    return result.status === 'changed' ? result : { ...result, status: 'unknown', waitsFor: holds.waitsFor, value }
  }
  return { ...result, status: holds ? (dry ? 'would-change' : 'changed') : 'ok', value }
}

const changedOf = (value: Value): boolean => isDict(value) && value.get('changed') === true

import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import { isDict, PartDict, Unknown, type Value } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { reported } from '../failure/failures.js'
import { allHold, flag } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import { isDry } from './evaluate.js'
import { type Result, resultLayer, withFields } from './result.js'

/** The author's own conditions, `failed_when` and `changed_when`, asked with the result in sight under the step's `register`. */
export const byItsConditions = (context: StepContext, result: Result): Result => {
  const { run, step } = context
  if (result.status === 'skipped' || result.status === 'unreachable') return result
  const scope = context.scope([resultLayer(step, result)])
  // Where nothing is carried out, what would count as a change has not been one.
  const isDryStep = isDry(run.input, step, context.scope())
  return withChangedWhen(step, withFailedWhen(step, perhapsForgiven(step, result, scope), scope), scope, isDryStep)
}

/** Dry run: a step that may fail without ending its host may have failed for what comes after it. */
export const perhapsForgiven = (step: Step, result: Result, scope: VariableScope): Result => {
  const { value } = result
  if (!(value instanceof PartDict) || step.ignoreErrors === undefined || !flag(step.ignoreErrors, scope, true))
    return result
  return { ...result, value: value.with([['failed', new Unknown(value.rest.waitsFor)]]) }
}

const withFailedWhen = (step: Step, result: Result, scope: VariableScope): Result => {
  if (step.failedWhen === undefined || !mayBeForgiven(result)) return result
  const { holds } = allHold(step.failedWhen, scope)
  if (holds instanceof Unknown) return result
  // It may not run at all.
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

/** `failed_when` decides over what the task answered, wrong parameters too; an unreachable host or an error in the playbook stays a failure. */
const mayBeForgiven = ({ failure }: Result): boolean =>
  failure === undefined ||
  isOfParameters(failure.failure) ||
  ['task-failed', 'apply-failed', 'timeout', 'missing'].includes(failure.failure.kind)

/** In Ansible it is the module that refuses its parameters, and that is its answer. */
export const isOfParameters = (failure: Failure): boolean =>
  failure.kind === 'invalid-config' && failure.about === 'parameter'

const withChangedWhen = (step: Step, result: Result, scope: VariableScope, dry: boolean): Result => {
  if (step.changedWhen === undefined || result.status === 'failed') return result
  const { holds } = allHold(step.changedWhen, scope)
  const value = withFields(result.value, [['changed', holds]])
  // What hangs on what has not run stays so: the author says whether it counts as a change, not whether it comes to that.
  if (result.status === 'unknown') return { ...result, value }
  if (holds instanceof Unknown) {
    // What was carried out is not taken back.
    return result.status === 'changed' ? result : { ...result, status: 'unknown', waitsFor: holds.waitsFor, value }
  }
  return { ...result, status: holds ? (dry ? 'would-change' : 'changed') : 'ok', value }
}

const changedOf = (value: Value): boolean => isDict(value) && value.get('changed') === true

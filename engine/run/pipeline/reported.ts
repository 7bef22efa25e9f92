import type { StepStatus } from '../../core/event.js'
import type { Step } from '../../core/step.js'
import type { Result } from '../step/result.js'
import { reportStep } from '../step/step-events.js'
import { flag } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import type { Next } from './around.js'
import type { Outcome } from './outcome.js'

/** Runs a step with all its items, and reports it. The host loop registers the result and notifies handlers. */
export const reported =
  (work: Next<Result>): Next<Outcome> =>
  async context => {
    const { host, step, name } = context
    const from = performance.now()
    host.begin(name)
    const result = await work(context)
    const tell = (status: StepStatus): void =>
      reportStep(context, { result, status, ms: performance.now() - from, secrets: context.secrets })
    let status: StepStatus
    try {
      status = finalStatus(step, result, context.scope())
    } catch (error) {
      // The result is reported even though a keyword cannot be evaluated.
      tell(result.status)
      throw error
    }
    tell(status)
    return { kind: 'done', ended: { status, value: result.value, result, name } }
  }

/** The status after `ignore_errors` and `ignore_unreachable`. */
const finalStatus = (step: Step, result: Result, scope: VariableScope): StepStatus => {
  if (result.status === 'failed' && flag(step.ignoreErrors, scope)) return 'ignored'
  if (result.status === 'unreachable' && flag(step.ignoreUnreachable, scope)) return 'ignored'
  return result.status
}

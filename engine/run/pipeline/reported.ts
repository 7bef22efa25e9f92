import type { StepStatus } from '../../core/event.js'
import type { Step } from '../../core/step.js'
import type { Result } from '../step/result.js'
import { reportStep } from '../step/step-events.js'
import { flag } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import type { Next } from './around.js'
import type { Outcome } from './outcome.js'

/** Does the step, all its items, and reports it. What it registers, and whom it notifies, is left to the host's loop. */
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
      // What came of it is told all the same.
      tell(result.status)
      throw error
    }
    tell(status)
    return { kind: 'done', ended: { status, value: result.value, result, name } }
  }

/** `ignore_errors` and its kin. */
const finalStatus = (step: Step, result: Result, scope: VariableScope): StepStatus => {
  if (result.status === 'failed' && flag(step.ignoreErrors, scope)) return 'ignored'
  if (result.status === 'unreachable' && flag(step.ignoreUnreachable, scope)) return 'ignored'
  return result.status
}

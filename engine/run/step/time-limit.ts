import type { Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { notWaitedFor } from '../../playbook/problems/not-offered.js'
import { numeric } from '../variables/conditions.js'

/**
 * The time limit of a step in ms: that of `async`, or else of `timeout`, where 0 means no limit.
 * @throws ConfigError for `poll: 0`, ExpressionError
 */
export const timeLimit = (step: Step, scope: Scope): number | undefined => {
  const timeout = numeric('timeout', step.timeout, scope)
  const seconds = inBackground(step, scope) ?? (timeout === 0 ? undefined : timeout)
  return seconds === undefined ? undefined : seconds * 1000
}

/**
 * The seconds of `async`: the step is waited for, with that time limit. As in Ansible, 0 or less means no background
 * task.
 */
const inBackground = ({ async: background, source }: Step, scope: Scope): number | undefined => {
  const seconds = numeric('async', background?.seconds, scope) ?? 0
  if (seconds <= 0) return undefined
  if ((numeric('poll', background?.poll, scope) ?? 10) <= 0) throw notWaitedFor(source)
  return seconds
}

import type { Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { notWaitedFor } from '../../playbook/problems/not-offered.js'
import { numeric } from '../variables/conditions.js'

/**
 * ms that a step may take: with `async` so many, else as `timeout` says, where 0 is no limit.
 * @throws ConfigError for `poll: 0`, ExpressionError
 */
export const timeLimit = (step: Step, scope: Scope): number | undefined => {
  const timeout = numeric('timeout', step.timeout, scope)
  const seconds = inBackground(step, scope) ?? (timeout === 0 ? undefined : timeout)
  return seconds === undefined ? undefined : seconds * 1000
}

/** `async` with `poll`: the step is waited for all the same, for so many seconds; from 0 down it is no background task, as in Ansible. */
const inBackground = ({ async: given, source }: Step, scope: Scope): number | undefined => {
  const seconds = numeric('async', given?.seconds, scope) ?? 0
  if (seconds <= 0) return undefined
  if ((numeric('poll', given?.poll, scope) ?? 10) <= 0) throw notWaitedFor(source)
  return seconds
}

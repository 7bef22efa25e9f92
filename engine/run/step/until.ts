import type { StepName } from '../../core/event.js'
import type { Expr, Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { sleep } from '../../core/timer.js'
import { isDict, type Value } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import { reported } from '../failure/failures.js'
import { allHold, numeric } from '../variables/conditions.js'
import type { Result } from './result.js'
import { resultLayer, type StepTurn, scopeOf } from './step-turn.js'

/**
 * One item, tried again as long as `until` does not hold (or, with `retries` alone, as long as it fails).
 * @param once told the number of the try. What is judged holds it already where there can be another.
 */
export const untilDone = async (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  once: (tried: number, counts: boolean) => Promise<Result>,
): Promise<Result> => {
  const { run, host, step } = turn
  const scope = scopeOf(turn, over)
  const retries = step.until === undefined ? 0 : (numeric('retries', step.until.retries, scope) ?? 3)
  const delay = step.until === undefined ? 0 : delayOf(step.until.delay, scope)
  for (let tried = 1; ; tried++) {
    // Without a second try nothing asks whether one is needed, as in Ansible.
    const counts = step.until !== undefined && !run.input.check && retries >= 1
    const result = await once(tried, counts)
    if (!counts || step.until === undefined || untriable.has(result.status)) return result
    const counted = withAttempts(result, tried)
    const judged = scopeOf(turn, [...over, resultLayer(step, counted)])
    const done =
      step.until.conditions.length === 0
        ? result.status !== 'failed'
        : allHold(step.until.conditions, judged).holds === true
    if (done) return counted
    if (tried > retries) return outOfTries(step, counted, tried)
    if (run.input.stopping.aborted) return endedBetween(step, counted)
    run.emit({ kind: 'step-retried', host: host.name, step: name, attempt: tried, left: retries - tried + 1 })
    await host.slot.waiting(sleep(delay * 1000, run.input.stopping))
    if (run.input.stopping.aborted) return endedBetween(step, counted)
  }
}

/** Seconds between tries; a negative one is 1, as in Ansible. */
const delayOf = (delay: Expr | undefined, scope: Scope): number => {
  const seconds = numeric('delay', delay, scope) ?? 5
  return seconds < 0 ? 1 : seconds
}

/** Ctrl-C: what the last try gave is told. */
const endedBetween = (step: Step, result: Result): Result => ({
  ...result,
  status: 'failed',
  // A try that was itself ended says how.
  failure: result.failure?.failure.kind === 'interrupted' ? result.failure : reported({ kind: 'interrupted' }, step),
})

export const withAttempts = (result: Result, tried: number): Result => ({
  ...result,
  value: isDict(result.value) ? new Map([...result.value, ['attempts', tried]]) : result.value,
})

/** Another try would come to the same. */
const untriable: ReadonlySet<Result['status']> = new Set(['skipped', 'unreachable', 'would-change', 'unknown'])

/** `attempts` is then the number of retries, as in Ansible. A task that failed says why by itself. */
const outOfTries = (step: Step, result: Result, tried: number): Result => {
  const wanted = step.until?.conditions.map(one => one.text ?? '').join(' and ') ?? ''
  const value = isDict(result.value)
    ? new Map<string, Value>([...(result.value as Map<string, Value>), ['failed', true], ['attempts', tried - 1]])
    : result.value
  const message = `after ${tried} attempts still not: ${wanted}`
  const failure = result.failure ?? reported({ kind: 'task-failed', message }, step)
  return { ...result, status: 'failed', value, failure }
}

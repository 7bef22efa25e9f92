import type { Expr, Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { sleep } from '../../core/timer.js'
import { isDict, type Value } from '../../core/value.js'
import { reported } from '../failure/failures.js'
import { counted, type Result, resultLayer } from '../step/result.js'
import { allHold, numeric } from '../variables/conditions.js'
import type { Around } from './around.js'

/** Tried again as long as `until` does not hold (or, with `retries` alone, as long as it fails). */
export const untilHolds: Around<Result> = async (context, next) => {
  const { run, host, step, name } = context
  const { until } = step
  if (until === undefined) return next(context)
  const scope = context.scope()
  const retries = numeric('retries', until.retries, scope) ?? 3
  const delay = delayOf(until.delay, scope)
  // Without a second try nothing asks whether one is needed, as in Ansible.
  if (run.input.check || retries < 1) return next(context)
  for (let number = 1; ; number++) {
    const result = await next(context.withTry({ number, isAgain: number > 1 }))
    if (untriable.has(result.status)) return result
    const tried = counted(result, number)
    const isDone =
      until.conditions.length === 0
        ? result.status !== 'failed'
        : allHold(until.conditions, context.scope([resultLayer(step, tried)])).holds === true
    if (isDone) return tried
    if (number > retries) return outOfTries(step, tried, number)
    if (run.input.stopping.aborted) return endedBetween(step, tried)
    run.emit({ kind: 'step-retried', host: host.name, step: name, attempt: number, left: retries - number + 1 })
    await host.slot.releaseWhile(sleep(delay * 1000, run.input.stopping))
    if (run.input.stopping.aborted) return endedBetween(step, tried)
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

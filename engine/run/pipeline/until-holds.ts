import type { Expr, Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { sleep } from '../../core/timer.js'
import { isDict, type Value } from '../../core/value.js'
import { reported } from '../failure/failures.js'
import { counted, type Result, resultLayer } from '../step/result.js'
import { allHold, numeric } from '../variables/conditions.js'
import type { Around } from './around.js'

/** Tries again while `until` is false (with `retries` alone, while the step fails). */
export const untilHolds: Around<Result> = async (context, next) => {
  const { run, host, step, name } = context
  const { until } = step
  if (until === undefined) return next(context)
  const scope = context.scope()
  const retries = numeric('retries', until.retries, scope) ?? 3
  const delay = delayOf(until.delay, scope)
  // As in Ansible, `until` is not evaluated without retries.
  if (run.input.check || retries < 1) return next(context)
  for (let number = 1; ; number++) {
    const result = await next(context.withTry({ number, isAgain: number > 1 }))
    if (notRetried.has(result.status)) return result
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

/** Seconds between attempts; as in Ansible a negative delay is 1. */
const delayOf = (delay: Expr | undefined, scope: Scope): number => {
  const seconds = numeric('delay', delay, scope) ?? 5
  return seconds < 0 ? 1 : seconds
}

/** Ctrl-C between attempts: the result of the last one, as interrupted. */
const endedBetween = (step: Step, result: Result): Result => ({
  ...result,
  status: 'failed',
  // An attempt that was itself interrupted keeps its failure.
  failure: result.failure?.failure.kind === 'interrupted' ? result.failure : reported({ kind: 'interrupted' }, step),
})

/** Statuses for which another attempt would give the same result. */
const notRetried: ReadonlySet<Result['status']> = new Set(['skipped', 'unreachable', 'would-change', 'unknown'])

/** As in Ansible `attempts` is then the number of retries. A task that failed keeps its own failure. */
const outOfTries = (step: Step, result: Result, tried: number): Result => {
  const wanted = step.until?.conditions.map(one => one.text ?? '').join(' and ') ?? ''
  const value = isDict(result.value)
    ? new Map<string, Value>([...(result.value as Map<string, Value>), ['failed', true], ['attempts', tried - 1]])
    : result.value
  const message = `after ${tried} attempts still not: ${wanted}`
  const failure = result.failure ?? reported({ kind: 'task-failed', message }, step)
  return { ...result, status: 'failed', value, failure }
}

import { sleep } from '../../core/timer.js'
import { findUnknown, isDict, Unknown, type Value } from '../../core/value.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import type { StepContext } from '../context.js'
import { leaveUnknownLoop } from '../control/index.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { unknownResult } from '../step/error-result.js'
import { notifying } from '../step/notifying.js'
import { noItems, type Result, withFields } from '../step/result.js'
import { reportStep } from '../step/step-events.js'
import { numeric } from '../variables/conditions.js'
import { type Item, itemsOf } from '../variables/loop-items.js'
import type { Around } from './around.js'
import { caught } from './caught.js'

/** Runs the items of a loop in order. As in Ansible, the next item runs also after a failed one. */
export const eachItem: Around<Result> = async (context, next) => {
  const { run, step } = context
  const items = await asOfItsTurn(context, () => itemsOf(step, context.scope()))
  if (items instanceof Unknown) {
    if (step.loop !== undefined && run.controls.has(step.module)) await leaveUnknownLoop(context, step.loop, items)
    return notifying(context, unknownResult(context, items))
  }
  if (items === undefined) return next(context)
  const results: Result[] = []
  const values: Value[] = []
  for (const [index, item] of items.entries()) {
    const itemContext = context.withItem(item.layer)
    if (index > 0 && !run.input.check) await pauseBetween(itemContext)
    const from = performance.now()
    const result = await caught(itemContext, next)
    results.push(result)
    values.push(withItem(result.value, item))
    const { secrets } = itemContext
    const label = labelOf(itemContext, item)
    reportStep(context, { result, status: result.status, ms: performance.now() - from, secrets, item: label })
    if (result.status === 'unreachable') break
  }
  return together(results, values)
}

/** Waits between items: `loop_control.pause`, in seconds. */
const pauseBetween = async (context: StepContext): Promise<void> => {
  const { run, host, step } = context
  const seconds = numeric('pause', step.loop?.pause, context.scope())
  if (seconds === undefined || seconds <= 0) return
  await host.slot.releaseWhile(sleep(seconds * 1000, run.input.stopping))
}

const withItem = (value: Value, { layer }: Item): Value =>
  withFields(
    value,
    [...layer.bindings].map(([name, binding]) => [name, binding.value] as const),
  )

const labelOf = (context: StepContext, item: Item): string => {
  try {
    const value = context.step.loop?.label?.evaluate(context.scope()) ?? item.value
    if (value instanceof Unknown || findUnknown(value) !== undefined) return '(unknown)'
    return typeof value === 'string' ? value : jsonText(toJson(value))
  } catch {
    return '(no label)'
  }
}

/** The result of a loop: the worst status of an item, and the changes of all items. */
const together = (results: readonly Result[], values: readonly Value[]): Result => {
  if (results.length === 0) return { status: 'skipped', value: noItems, changes: [] }
  const order = ['unreachable', 'failed', 'unknown', 'would-change', 'changed', 'ok', 'skipped'] as const
  const status = order.find(one => results.some(result => result.status === one)) ?? 'ok'
  const worst = results.find(result => result.status === status)
  const changed = results.some(({ status: one }) => one === 'changed' || one === 'would-change')
  const open = (key: string) => values.map(one => isDict(one) && one.get(key)).find(one => one instanceof Unknown)
  const perhapsAllSkipped = results.every(({ status: one }) => one === 'skipped' || one === 'unknown')
  const value = new Map<string, Value>([
    ['results', values],
    ['changed', changed || (open('changed') ?? false)],
    ['failed', status === 'failed' || status === 'unreachable' || (open('failed') ?? false)],
    ['skipped', status === 'skipped' || (perhapsAllSkipped && new Unknown(worst?.waitsFor ?? 'its items'))],
    ['msg', status === 'failed' ? 'One or more items failed' : 'All items completed'],
  ])
  return {
    status,
    value,
    changes: results.flatMap(result => result.changes),
    notified: [...new Set(results.flatMap(result => result.notified ?? []))],
    ...(worst?.waitsFor === undefined ? {} : { waitsFor: worst.waitsFor }),
    ...(worst?.failure === undefined ? {} : { failure: worst.failure }),
    ...(results.some(one => one.notIdempotent) ? { notIdempotent: true } : {}),
    ...(results.some(one => one.executedInCheck) ? { executedInCheck: true } : {}),
    ...(results.some(one => one.onlyInRun) ? { onlyInRun: true } : {}),
  }
}

import { jsonText } from '../../core/json-text.js'
import { sleep } from '../../core/timer.js'
import { findUnknown, isDict, PartDict, toJson, Unknown, type Value } from '../../core/value.js'
import { numeric } from '../variables/conditions.js'
import type { Item } from '../variables/loop-items.js'
import { noItems, type Result } from './result.js'
import type { Report } from './step-events.js'
import { type StepTurn, scopeOf } from './step-turn.js'

/** All items in order; a failed one does not keep the next from running, as in Ansible. */
export const eachItem = async (
  turn: StepTurn,
  items: readonly Item[],
  report: Report,
  work: (item: Item, hide: (secrets: readonly string[]) => void) => Promise<Result>,
): Promise<Result> => {
  const results: Result[] = []
  const values: Value[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && !turn.run.input.check) await pauseBetween(turn, item)
    const from = performance.now()
    let secrets: readonly string[] = []
    const result = await work(item, more => {
      secrets = more
    })
    results.push(result)
    values.push(withItem(result.value, item))
    report(result, result.status, performance.now() - from, secrets, labelOf(turn, item))
    if (result.status === 'unreachable') break
  }
  return together(results, values)
}

/** `loop_control.pause`: seconds. */
const pauseBetween = async (turn: StepTurn, { layer }: Item): Promise<void> => {
  const seconds = numeric('pause', turn.step.loop?.pause, scopeOf(turn, [layer]))
  if (seconds === undefined || seconds <= 0) return
  const { run, host } = turn
  await host.slot.waiting(sleep(seconds * 1000, run.input.stopping))
}

const withItem = (value: Value, { layer }: Item): Value => {
  const fields = [...layer.bindings].map(([name, binding]) => [name, binding.value] as const)
  if (value instanceof PartDict) return value.with(fields)
  return new Map<string, Value>([...(isDict(value) ? (value as Map<string, Value>) : []), ...fields])
}

const labelOf = (turn: StepTurn, item: Item): string => {
  try {
    const value = turn.step.loop?.label?.evaluate(scopeOf(turn, [item.layer])) ?? item.value
    if (value instanceof Unknown || findUnknown(value) !== undefined) return '(unknown)'
    return typeof value === 'string' ? value : jsonText(toJson(value))
  } catch {
    return '(no label)'
  }
}

/** A loop's own result: the worst that happened to an item, and all their changes. */
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

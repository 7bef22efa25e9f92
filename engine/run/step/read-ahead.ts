import type { Step } from '../../core/step.js'
import { Unknown, type Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { type RunContext, StepContext } from '../context.js'
import { lookThrough } from '../control/look-through.js'
import { handlersToRun, isSkippedHandler } from '../handlers/handlers.js'
import type { Host } from '../host.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import type { Timeline } from '../timeline/timeline.js'
import { itemsOf } from '../variables/loop-items.js'
import { type EvaluatedStep, evaluateStep } from './evaluate.js'
import { isHarmless, predict } from './prediction.js'

/**
 * The steps whose reads can be sent with the next batch. Walks the timeline like a dry run, with predicted results as
 * variables. Ends at parameters that are unknown, at a step that may change something, or after `most` reads. Errors
 * are ignored: they count when the step is reached.
 */
export const lookAhead = async (
  run: RunContext,
  host: Host,
  from: Timeline,
  most: number,
): Promise<readonly EvaluatedStep[]> => {
  const timeline = from.copy()
  const predicted = new Map<string, Binding>()
  const found: EvaluatedStep[] = []
  const over: Layer = { rank: rank.registered, name: 'predicted', bindings: predicted, ahead: true }

  while (found.length < most) {
    const here = timeline.peek()
    if (here === undefined || here.next.kind === 'raise') break
    const { stage, next } = here
    try {
      if (next.kind === 'role') {
        if (!factsAreIn(run, stage)) break
        const expanded = run.roles.expand(next.use, host, stage.hosts, [over])
        if (expanded instanceof Unknown) break
        timeline.cursor.enter(expanded.body, { role: next.use.role.name })
        continue
      }
      const { step, path, handler } = next
      const context = new StepContext({ run, host, stage, path, handler }, step, [over])
      if (handler ? isSkippedHandler(context) : !run.input.selects(step.tags)) {
        timeline.cursor.advance()
        continue
      }
      if (step.module === 'meta') {
        const handlers = handlersToRun(context)
        if (handlers === 'end') break
        if (handlers.length > 0) timeline.cursor.enter(handlers, { handlers: true })
        else timeline.cursor.advance()
        continue
      }
      const through = await lookThrough(context, timeline)
      if (through === 'stop') break
      if (through !== 'ordinary') {
        for (const [name, value] of through) predicted.set(name, { value, data: true })
        continue
      }
      const ahead = await readsOfStep(context)
      found.push(...ahead.reads)
      if (step.register !== undefined) predicted.set(step.register, { value: ahead.value, data: true })
      if (ahead.ends) break
      timeline.cursor.advance()
    } catch {
      break
    }
  }
  return found
}

interface Ahead {
  readonly reads: readonly EvaluatedStep[]
  readonly value: Value
  readonly ends: boolean
}

const readsOfStep = async (context: StepContext): Promise<Ahead> => {
  const { run, step } = context
  const items = itemsOf(step, context.scope())
  if (items instanceof Unknown) return { reads: [], value: items, ends: true }
  const reads: EvaluatedStep[] = []
  const values: Value[] = []
  let ends = false
  for (const item of items ?? [undefined]) {
    const evaluated = await evaluateStep(item === undefined ? context : context.withItem(item.layer), false)
    if (evaluated.kind === 'unknown') return { reads, value: new Unknown(evaluated.waitsFor), ends: true }
    if (evaluated.kind !== 'ready') {
      values.push(
        new Map<string, Value>([
          ['changed', false],
          ['skipped', true],
          ['failed', false],
        ]),
      )
      continue
    }
    const prediction = await predict(evaluated, step, step.name?.text ?? step.module)
    reads.push(evaluated)
    values.push(prediction.value)
    ends ||= endsWindow(run, step, evaluated, prediction.changes)
  }
  const value =
    items === undefined
      ? (values[0] ?? null)
      : new Map<string, Value>([
          ['results', values],
          ['changed', new Unknown('its items')],
          ['failed', false],
        ])
  return { reads, value, ends }
}

/**
 * Whether reading ahead ends here: reads beyond a step that changes something would be stale at their turn. A dry run
 * changes nothing.
 */
const endsWindow = (run: RunContext, step: Step, evaluated: EvaluatedStep, changes: boolean | 'unknown'): boolean => {
  if (run.input.check && evaluated.checkMode) return false
  if (evaluated.moduleKind === 'action')
    return !isHarmless(step, evaluated) && changes !== false && evaluated.whenUnknown === undefined
  return changes === true
}

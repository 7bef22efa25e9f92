import type { Step } from '../../core/step.js'
import { Unknown, type Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import type { RunContext } from '../context.js'
import { lookThrough } from '../control/look-through.js'
import { handlersToRun, isPassedOver } from '../handlers/handlers.js'
import type { Host } from '../host.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import type { Stage } from '../timeline/play-run.js'
import type { Timeline } from '../timeline/timeline.js'
import { itemsOf } from '../variables/loop-items.js'
import { prepare, type Ready } from './evaluate.js'
import { isHarmless, predict } from './prediction.js'

/**
 * The steps whose reads can ride along with the next batch. Walks the timeline as the dry run would, with what registers
 * would hold laid over the variables, and ends at the first parameters that are unknown, at an action that may change
 * something, or when `most` reads are found. An error here is not one: it counts when its step is reached.
 */
export const lookAhead = async (
  run: RunContext,
  host: Host,
  from: Timeline,
  most: number,
): Promise<readonly Ready[]> => {
  const timeline = from.copy()
  const predicted = new Map<string, Binding>()
  const found: Ready[] = []
  const over: Layer = { rank: rank.registered, name: 'predicted', bindings: predicted, ahead: true }

  while (found.length < most) {
    const here = timeline.peek()
    if (here === undefined || here.next.kind === 'raise') break
    const { stage, next } = here
    try {
      if (next.kind === 'role') {
        if (!factsAreIn(run, stage)) break
        const expanded = run.expand(next.use, host, stage.hosts, [over])
        if (expanded instanceof Unknown) break
        timeline.cursor.enter(expanded.body, { role: next.use.role.name })
        continue
      }
      const { step } = next
      if (next.handler ? isPassedOver(run, host, stage, step) : !run.input.selects(step.tags)) {
        timeline.cursor.advance()
        continue
      }
      if (step.module === 'meta') {
        const handlers = handlersToRun(run, host, stage, step)
        if (handlers === 'end') break
        if (handlers.length > 0) timeline.cursor.enter(handlers, { handlers: true })
        else timeline.cursor.advance()
        continue
      }
      const scope = run.variables.scope(host.name, { play: stage.hosts, step, over: [over] })
      const through = await lookThrough(run, step, scope, timeline)
      if (through === 'stop') break
      if (through !== 'ordinary') {
        for (const [name, value] of through) predicted.set(name, { value, data: true })
        continue
      }
      const ahead = await readsOfStep(run, host, stage, step, over)
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
  readonly reads: readonly Ready[]
  readonly value: Value
  readonly ends: boolean
}

const readsOfStep = async (run: RunContext, host: Host, stage: Stage, step: Step, over: Layer): Promise<Ahead> => {
  const base = run.variables.scope(host.name, { play: stage.hosts, step, over: [over] })
  const items = itemsOf(step, base)
  if (items instanceof Unknown) return { reads: [], value: items, ends: true }
  const reads: Ready[] = []
  const values: Value[] = []
  let ends = false
  for (const item of items ?? [undefined]) {
    const layers = item === undefined ? [over] : [over, item.layer]
    const scope = run.variables.scope(host.name, { play: stage.hosts, step, over: layers })
    const instance = await prepare(run, host.name, step, scope, false)
    if (instance.kind === 'unknown') return { reads, value: new Unknown(instance.waitsFor), ends: true }
    if (instance.kind !== 'ready') {
      values.push(
        new Map<string, Value>([
          ['changed', false],
          ['skipped', true],
          ['failed', false],
        ]),
      )
      continue
    }
    const prediction = await predict(instance, step, step.name?.text ?? step.module)
    reads.push(instance)
    values.push(prediction.value)
    ends ||= endsWindow(run, step, instance, prediction.changes)
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

/** Beyond a step that changes something, what is read now would be stale when its turn comes. A dry run changes nothing. */
const endsWindow = (run: RunContext, step: Step, instance: Ready, changes: boolean | 'unknown'): boolean => {
  if (run.input.check && instance.checkMode) return false
  if (instance.moduleKind === 'action')
    return !isHarmless(step, instance) && changes !== false && instance.whenUnknown === undefined
  return changes === true
}

import type { Node } from '../../core/step.js'
import { findUnknown, isDict, Unknown, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import type { StepContext } from '../context.js'
import { failureOf } from '../failure/failures.js'
import { fail, passUnknown } from '../failure/host-failed.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { expose } from '../step/vars-files.js'
import { Interrupted } from '../timeline/interrupted.js'
import { allHold } from '../variables/conditions.js'
import { itemsOf } from '../variables/loop-items.js'
import { dataLayer } from '../variables/scope.js'

/**
 * Loads the tasks of an include; each item of a loop brings its own.
 * @returns whether the tasks come next
 */
export const include = async (context: StepContext): Promise<boolean> => {
  const { run, host, stage, path, step } = context
  const { cursor } = host.timeline
  try {
    const bodies = await asOfItsTurn(context, () => bodiesOf(context))
    if (run.startAt?.isPast(path) !== false) host.state.count('ok')
    stage.addHandlers(run.input.loader.handlersOf(bodies))
    expose(host, stage, run.input.loader.exposedBy(bodies))
    for (const role of run.input.loader.rolesOf(bodies)) stage.hosts.roles.add(role)
    cursor.enter(bodies)
    return true
  } catch (error) {
    // Under --start-at-task an include before the start may need results of skipped steps; that is no failure.
    if (run.startAt?.isPast(path) === false) cursor.advance()
    else if (error instanceof Interrupted) throw error
    else if (error instanceof UnknownInclude) passUnknown(context, error.message)
    else fail(context, failureOf(error, step))
    return false
  }
}

class UnknownInclude extends Error {}

/** @throws UnknownInclude */
const bodiesOf = async (context: StepContext): Promise<readonly Node[]> => {
  const { run, step } = context
  const items = itemsOf(step, context.scope())
  if (items instanceof Unknown) throw new UnknownInclude(items.waitsFor)
  const bodies: Node[] = []
  for (const item of items ?? [undefined]) {
    const over: readonly Layer[] = item === undefined ? [] : [item.layer]
    const scope = context.scope(over)
    const { holds } = allHold(step.when, scope)
    if (holds === false) continue
    if (holds instanceof Unknown) throw new UnknownInclude(holds.waitsFor)
    const params = step.params.evaluate(scope)
    const unknown = findUnknown(params)
    if (unknown !== undefined) throw new UnknownInclude(unknown.waitsFor)
    const dict = (isDict(params) ? params : new Map([['file', params]])) as ReadonlyMap<string, Value>
    const file = String(dict.get('file') ?? dict.get('_raw_params') ?? '')
    const layers = over.map(layer => ({ ...dataLayer(rank.includeParams, 'loop', []), bindings: layer.bindings }))
    bodies.push(
      ...(step.module === 'include_tasks'
        ? await run.input.loader.includeTasks(step, file, layers, dict.get('apply'))
        : await run.input.loader.includeRole(step, dict, layers)),
    )
  }
  return bodies
}

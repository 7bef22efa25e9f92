import type { Node, Step } from '../../core/step.js'
import { findUnknown, isDict, Unknown, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { failureOf } from '../failure/failures.js'
import { fail, passUnknown } from '../failure/host-failed.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { type Place, waitingAt } from '../step/place.js'
import { expose } from '../step/vars-files.js'
import { Interrupted } from '../timeline/interrupted.js'
import { allHold } from '../variables/conditions.js'
import { itemsOf } from '../variables/loop-items.js'
import { dataLayer } from '../variables/scope.js'
import { adopt } from './role.js'

/**
 * Tasks that are known only now: each item of a loop brings its own.
 * @returns whether they come next
 */
export const include = async (place: Place, one: Step): Promise<boolean> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  try {
    const bodies = await asOfItsTurn(waitingAt(place), () => bodiesOf(place, one))
    if (run.startAt?.isPast(place.path) !== false) host.counts.ok++
    adopt(stage, run.input.loader.handlersOf(bodies))
    expose(host, stage, run.input.loader.exposedBy(bodies))
    for (const role of run.input.loader.rolesOf(bodies)) stage.hosts.roles.add(role)
    cursor.enter(bodies)
    return true
  } catch (error) {
    // What only steps before the start would have made known is no failure of what is passed over.
    if (run.startAt?.isPast(place.path) === false) cursor.advance()
    else if (error instanceof Interrupted) throw error
    else if (error instanceof UnknownInclude) passUnknown(place, one, error.message)
    else fail(place, one, failureOf(error, one))
    return false
  }
}

class UnknownInclude extends Error {}

/** @throws UnknownInclude */
const bodiesOf = async ({ run, host, stage }: Place, one: Step): Promise<readonly Node[]> => {
  const items = itemsOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }))
  if (items instanceof Unknown) throw new UnknownInclude(items.waitsFor)
  const bodies: Node[] = []
  for (const item of items ?? [undefined]) {
    const over: readonly Layer[] = item === undefined ? [] : [item.layer]
    const scope = run.variables.scope(host.name, { play: stage.hosts, step: one, over })
    const { holds } = allHold(one.when, scope)
    if (holds === false) continue
    if (holds instanceof Unknown) throw new UnknownInclude(holds.waitsFor)
    const params = one.params.evaluate(scope)
    const unknown = findUnknown(params)
    if (unknown !== undefined) throw new UnknownInclude(unknown.waitsFor)
    const dict = (isDict(params) ? params : new Map([['file', params]])) as ReadonlyMap<string, Value>
    const file = String(dict.get('file') ?? dict.get('_raw_params') ?? '')
    const layers = over.map(layer => ({ ...dataLayer(rank.includeParams, 'loop', []), bindings: layer.bindings }))
    bodies.push(
      ...(one.module === 'include_tasks'
        ? await run.input.loader.includeTasks(one, file, layers, dict.get('apply'))
        : await run.input.loader.includeRole(one, dict, layers)),
    )
  }
  return bodies
}

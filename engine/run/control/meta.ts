import { constant } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import { asReached } from '../dry-run/conditional-end.js'
import { passUnknown } from '../failure/host-failed.js'
import { expectHandlers, handlersToRun, metaAction } from '../handlers/handlers.js'
import { takeInherited } from '../handlers/inherited.js'
import { asOfItsTurn, turnCome } from '../schedule/wait-turn.js'
import { type Place, waitingAt } from '../step/place.js'
import { allHold } from '../variables/conditions.js'

/** `meta`: what comes next, decided by the playbook itself. */
export const meta = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  const action = metaAction(one)
  // Handlers are taken one by one, each as it is reached.
  const here = action === 'flush_handlers' ? one : asReached(host, stage, one)
  const when = () => allHold(here.when, run.variables.scope(host.name, { play: stage.hosts, step: here }))
  const { holds } = await asOfItsTurn(waitingAt(place), when)
  if (action === 'end_play' || action === 'end_batch') return endForAll(place, one, action, holds)
  if (holds instanceof Unknown) return perhaps(place, one, action, holds)
  if (!holds) return cursor.advance()
  switch (action) {
    case 'flush_handlers': {
      takeInherited(run, host, stage)
      expectHandlers(run, host, stage)
      const handlers = handlersToRun(run, host, stage, one)
      if (handlers === 'end' || handlers.length === 0) return cursor.advance()
      return cursor.enter(handlers, { handlers: true })
    }
    case 'end_host':
      stage.state.left.add(host.name)
      return host.timeline.endPlay()
    case 'end_role':
      if (!cursor.endRole()) cursor.advance()
      return
    case 'clear_facts':
      run.forgetFacts(host)
      return cursor.advance()
    case 'reset_connection':
      // Another host's step may be delegated here, and be at work over it.
      if (run.input.check) return cursor.advance()
      await turnCome(waitingAt(place))
      await run.drop(host.name)
      return cursor.advance()
    default:
      return cursor.advance()
  }
}

/** What comes next is then not known either in a dry run; a run fails. */
const perhaps = (place: Place, one: Step, action: string, unknown: Unknown): void => {
  const { run, host, stage } = place
  const role = host.timeline.cursor.role()
  passUnknown(place, { ...one, name: one.name ?? constant(`meta: ${action}`) }, unknown.waitsFor, false)
  if (!run.input.check) return
  if (action === 'flush_handlers') expectHandlers(run, host, stage, false)
  else if (action === 'end_role' && role !== undefined) stage.doubts.push({ unknown, within: role })
  else if (action.startsWith('end_') && action !== 'end_role') stage.doubts.push({ unknown })
}

/** The play ends for all hosts, or for those of this batch. Where hosts do not wait for one another, each decides for itself. */
const endForAll = async (
  place: Place,
  one: Step,
  action: 'end_play' | 'end_batch',
  holds: boolean | Unknown,
): Promise<void> => {
  const { run, host, stage, path } = place
  const { state } = stage
  const linear = state.play.strategy === 'linear'
  const at = { step: one, batch: stage.hosts.batch, host: host.name, path, holds }
  const waiting = (wait: Promise<void>): Promise<void> => host.slot.waiting(wait)
  const ends = linear ? await run.onceOnly.firstDecides(at, waiting) : holds
  if (ends === false) return host.timeline.cursor.advance()
  const forAll = linear && action === 'end_play'
  // Nobody is to miss what comes before.
  if (forAll) await turnCome(waitingAt(place))
  if (ends instanceof Unknown) {
    perhaps(place, one, action, ends)
    if (forAll && run.input.check && state.doubts.length === 0) state.doubts.push({ unknown: ends })
    return
  }
  if (forAll) state.ended = true
  host.timeline.endPlay()
}

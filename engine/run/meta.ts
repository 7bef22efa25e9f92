import type { Step } from '../core/step.js'
import { allHold } from './conditions.js'
import { expectHandlers, handlersToRun, metaAction } from './handlers.js'
import { firstDecides } from './once.js'
import { type Place, waitingAt } from './place.js'
import { asOfItsTurn, turnCome } from './turn.js'

/** `meta`: what comes next, decided by the playbook itself. */
export const meta = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  const when = () => allHold(one.when, run.variables.scope(host.name, { play: stage.hosts, step: one }))
  const holds = (await asOfItsTurn(waitingAt(place), when)).holds === true
  const action = metaAction(one)
  if (action === 'end_play' || action === 'end_batch') return endForAll(place, one, action, holds)
  if (!holds) return cursor.advance()
  switch (action) {
    case 'flush_handlers': {
      expectHandlers(run, host, stage)
      const handlers = handlersToRun(run, host, stage, one)
      host.handledIds.clear()
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
      await run.machine(host.name).drop()
      return cursor.advance()
    default:
      return cursor.advance()
  }
}

/** The play ends for all hosts, or for those of this batch. Where hosts do not wait for one another, each decides for itself. */
const endForAll = async (place: Place, one: Step, action: 'end_play' | 'end_batch', holds: boolean): Promise<void> => {
  const { run, host, stage, path } = place
  const linear = stage.state.play.strategy === 'linear'
  const waiting = (wait: Promise<void>): Promise<void> => host.slot.waiting(wait)
  const ends = linear ? await firstDecides(run, stage, one, { host: host.name, path, holds }, waiting) : holds
  if (!ends) return host.timeline.cursor.advance()
  if (linear && action === 'end_play') {
    // Nobody is to miss what comes before.
    await turnCome(waitingAt(place))
    stage.state.ended = true
  }
  host.timeline.endPlay()
}

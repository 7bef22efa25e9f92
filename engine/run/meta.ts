import type { Step } from '../core/step.js'
import { allHold } from './conditions.js'
import { handlersToRun, metaAction } from './handlers.js'
import { type Place, waitingAt } from './place.js'
import { asOfItsTurn } from './turn.js'

/** `meta`: what comes next, decided by the playbook itself. */
export const meta = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  const when = () => allHold(one.when, run.variables.scope(host.name, { play: stage.hosts, step: one }))
  if ((await asOfItsTurn(waitingAt(place), when)).holds !== true) return cursor.advance()
  switch (metaAction(one)) {
    case 'flush_handlers': {
      const handlers = handlersToRun(run, host, stage, one)
      host.handledIds.clear()
      if (handlers === 'end' || handlers.length === 0) return cursor.advance()
      return cursor.enter(handlers, { handlers: true })
    }
    case 'end_play':
    case 'end_batch':
      return host.timeline.endPlay()
    case 'end_host':
      host.status = 'ended'
      return
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

import { constant } from '../../core/expr.js'
import { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { withReachability } from '../dry-run/conditional-end.js'
import { passUnknown } from '../failure/host-failed.js'
import { expectHandlers, handlersToRun, metaAction } from '../handlers/handlers.js'
import { claimRecovered } from '../handlers/recovered.js'
import { asOfItsTurn, waitForTurn } from '../schedule/wait-turn.js'
import { allHold } from '../variables/conditions.js'

/** Carries out a `meta` step. */
export const meta = async (context: StepContext): Promise<void> => {
  const { run, host, stage, step } = context
  const { cursor } = host.timeline
  const action = metaAction(step)
  // For handlers, reachability is checked when each handler is reached.
  const here = action === 'flush_handlers' ? context : withReachability(context)
  const { holds } = await asOfItsTurn(context, () => allHold(here.step.when, here.scope()))
  if (action === 'end_play' || action === 'end_batch') return endForAll(context, action, holds)
  if (holds instanceof Unknown) return perhaps(context, action, holds)
  if (!holds) return cursor.advance()
  switch (action) {
    case 'flush_handlers': {
      claimRecovered(context)
      expectHandlers(context)
      const handlers = handlersToRun(context)
      if (handlers === 'end' || handlers.length === 0) return cursor.advance()
      return cursor.enter(handlers, { handlers: true })
    }
    case 'end_host':
      stage.state.progress.hostLeft(host.name)
      return host.timeline.endPlay()
    case 'end_role':
      if (!cursor.endRole()) cursor.advance()
      return
    case 'clear_facts':
      run.forgetFacts(host)
      return cursor.advance()
    case 'reset_connection':
      // A step of another host may be delegated here and use the connection.
      if (run.input.check) return cursor.advance()
      await waitForTurn(context)
      await run.machines.drop(host.name)
      return cursor.advance()
    default:
      return cursor.advance()
  }
}

/** The condition is unknown: so is what comes next in a dry run; in a run that is a failure. */
const perhaps = (context: StepContext, action: string, unknown: Unknown): void => {
  const { run, host, stage, step } = context
  const role = host.timeline.cursor.role()
  passUnknown(context.at({ ...step, name: step.name ?? constant(`meta: ${action}`) }), unknown.waitsFor, false)
  if (!run.input.check) return
  if (action === 'flush_handlers') expectHandlers(context, false)
  else if (action === 'end_role' && role !== undefined) stage.endsPerhaps({ unknown, within: role })
  else if (action.startsWith('end_') && action !== 'end_role') stage.endsPerhaps({ unknown })
}

/** Ends the play for all hosts, or the batch. With strategy `free` each host decides for itself. */
const endForAll = async (
  context: StepContext,
  action: 'end_play' | 'end_batch',
  holds: boolean | Unknown,
): Promise<void> => {
  const { run, host, stage, path, step } = context
  const { state } = stage
  const linear = state.play.strategy === 'linear'
  const at = { step, batch: stage.hosts.batch, host: host.name, path, holds }
  const waiting = (wait: Promise<void>): Promise<void> => host.slot.releaseWhile(wait)
  const ends = linear ? await run.runOnce.firstDecides(at, waiting) : holds
  if (ends === false) return host.timeline.cursor.advance()
  const forAll = linear && action === 'end_play'
  // No host may miss the steps before.
  if (forAll) await waitForTurn(context)
  if (ends instanceof Unknown) {
    perhaps(context, action, ends)
    if (forAll && run.input.check) state.progress.endsPerhaps(ends)
    return
  }
  if (forAll) state.progress.end()
  host.timeline.endPlay()
}

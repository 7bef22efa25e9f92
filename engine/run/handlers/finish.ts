import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'
import { handlersOf, meantIn } from './handlers.js'
import { eraseFromJournal } from './journal.js'

/** A handler ran: it is no longer pending, neither in this run nor for the next one. */
export const finishHandler = ({ run, host, stage, step }: StepContext): Promise<void> =>
  erase(run, host, host.handlers.finish(step, meantIn(run, host, stage)))

/** A rescue took over: handlers that failed are no longer pending. */
export const finishRescued = (run: RunContext, host: Host, stage: Stage): Promise<void> =>
  erase(run, host, host.handlers.finishFailed(handlersOf(stage), meantIn(run, host, stage)))

/** At the end of a play, notifications whose handlers did not get their turn are dropped. */
export const endNotifications = (run: RunContext, host: Host): Promise<void> =>
  erase(run, host, host.handlers.endPlay())

const erase = async (run: RunContext, host: Host, names: readonly string[]): Promise<void> => {
  if (names.length > 0 && !run.input.check) await eraseFromJournal(run, host, names)
}

import type { Step } from '../core/step.js'
import { handlersOf, notices } from './handlers.js'
import type { Host } from './host.js'
import { takeBack } from './owed.js'
import type { Place } from './place.js'
import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'

/** They are owed anew, also where they ran for an earlier notification. */
export const notified = (run: RunState, host: Host, stage: Stage, names: readonly string[]): void => {
  const { isOwed } = notices(run, host, stage, new Set(names))
  for (const handler of handlersOf(stage)) if (isOwed(handler)) host.handlersRun.delete(handler.id)
  for (const name of names) host.notified.add(name)
}

/** A handler ran: it is not owed any more, here or to the next run. */
export const handled = async ({ run, host, stage }: Place, one: Step): Promise<void> => {
  host.handlersRun.set(one.id, 'done')
  const done = notices(run, host, stage)
    .to(one)
    .filter(([, meant]) => meant.every(({ id }) => host.handlersRun.get(id) === 'done'))
    .map(([name]) => name)
  for (const name of done) host.notified.delete(name)
  if (done.length === 0 || run.input.check) return
  await takeBack(run, host, done)
}

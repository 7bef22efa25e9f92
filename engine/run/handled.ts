import type { Step } from '../core/step.js'
import { handlersOf, namesOf } from './handlers.js'
import { takeBack } from './owed.js'
import type { Place } from './place.js'

/** A handler ran: it is not owed any more, here or to the next run. */
export const handled = async ({ run, host, stage }: Place, one: Step): Promise<void> => {
  const names = namesOf(run, host, stage, one).filter(name => host.notified.has(name))
  const stillOwed = handlersOf(stage).filter(other => other.id !== one.id)
  const done = names.filter(
    name => !stillOwed.some(other => namesOf(run, host, stage, other).includes(name) && !host.handledIds.has(other.id)),
  )
  host.handledIds.add(one.id)
  for (const name of done) host.notified.delete(name)
  if (done.length === 0 || run.input.check) return
  await takeBack(run, host, done)
}

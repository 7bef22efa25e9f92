import type { Step } from '../core/step.js'
import { notices } from './handlers.js'
import { takeBack } from './owed.js'
import type { Place } from './place.js'

/** A handler ran: it is not owed any more, here or to the next run. */
export const handled = async ({ run, host, stage }: Place, one: Step): Promise<void> => {
  host.handledIds.add(one.id)
  const done = notices(run, host, stage)
    .to(one)
    .filter(([, meant]) => meant.every(({ id }) => host.handledIds.has(id)))
    .map(([name]) => name)
  for (const name of done) host.notified.delete(name)
  if (done.length === 0 || run.input.check) return
  await takeBack(run, host, done)
}

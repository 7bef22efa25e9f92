import type { Step } from '../../core/step.js'
import type { Place } from '../step/place.js'
import { spotOf } from '../timeline/path.js'
import { Slots } from './forks.js'

/**
 * `throttle`: only so many hosts are at this step at once. Who waits for that holds no slot of `forks`. Each batch, and each time that
 * the same task is included, has slots of its own: who has one may wait for those that stand before it, and they for theirs.
 */
export const throttled = async <T>(
  { run, host, path }: Place,
  step: Step,
  most: number | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  if (most === undefined || most < 1) return work()
  const spot = spotOf(path, step)
  const slots = run.throttles.get(spot) ?? new Slots(most)
  run.throttles.set(spot, slots)
  const release = await host.slot.waiting(slots.take())
  try {
    return await work()
  } finally {
    release()
  }
}

import type { Step } from '../core/step.js'
import type { Host } from './host.js'
import type { RunState } from './run-state.js'
import { Slots } from './slots.js'

/** `throttle`: only so many hosts are at this step at once. Who waits for that holds no slot of `forks`. */
export const throttled = async <T>(
  run: RunState,
  host: Host,
  step: Step,
  most: number | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  if (most === undefined || most < 1) return work()
  const slots = run.throttles.get(step.id) ?? new Slots(most)
  run.throttles.set(step.id, slots)
  const release = await host.slot.waiting(slots.take())
  try {
    return await work()
  } finally {
    release()
  }
}

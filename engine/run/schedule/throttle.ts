import { Slots } from './forks.js'

/** Slots of `throttle`, for each step at each place. */
export class Throttle {
  readonly #slots = new Map<string, Slots>()

  /** @param most of the first who asks */
  slots(spot: string, most: number): Slots {
    const known = this.#slots.get(spot) ?? new Slots(most)
    this.#slots.set(spot, known)
    return known
  }
}

import { Slots } from './forks.js'

/** The slots of `throttle`, by step and path. */
export class Throttle {
  readonly #slots = new Map<string, Slots>()

  /** @param most the number of slots; the first call for a step decides */
  slots(spot: string, most: number): Slots {
    const known = this.#slots.get(spot) ?? new Slots(most)
    this.#slots.set(spot, known)
    return known
  }
}

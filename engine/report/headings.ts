import type { Event } from '../core/event.js'

type PlayStarted = Extract<Event, { kind: 'play-started' }>

/**
 * The headings of plays. Hosts may be in different plays at a time (one that has nothing to do runs ahead, a free strategy lets
 * all go), so a play's heading waits until there is something to say under it, and stands again where others came between.
 */
export class Headings {
  readonly #plays = new Map<string, { readonly event: PlayStarted; shown: boolean }>()
  #last: string | undefined

  /** @returns the lines to write at once: before the first one there is nothing to wait for */
  begin(event: PlayStarted): readonly string[] {
    this.#plays.set(event.id, { event, shown: false })
    return this.#plays.size === 1 ? this.above(event.id) : []
  }

  /** The lines to write before one of this play. Plays before it that had nothing to say keep their place. */
  above(id: string | undefined): readonly string[] {
    const play = id === undefined ? undefined : this.#plays.get(id)
    if (id === undefined || play === undefined || id === this.#last) return []
    this.#last = id
    return play.shown ? [`PLAY ${play.event.play} goes on${batchText(play.event)}`] : this.#unshown(id)
  }

  /** Whether something was said of this play already. */
  isShown(id: string): boolean {
    return this.#plays.get(id)?.shown === true
  }

  /** Those that are left at the end: their plays had nothing to say. */
  rest(): readonly string[] {
    return this.#unshown(undefined)
  }

  hostsOf(id: string | undefined): number {
    return id === undefined ? 0 : (this.#plays.get(id)?.event.hosts.length ?? 0)
  }

  #unshown(upTo: string | undefined): readonly string[] {
    const plays = [...this.#plays.values()].filter(
      ({ event, shown }) => !shown && (upTo === undefined || comparePlays(event.id, upTo) <= 0),
    )
    for (const play of plays) play.shown = true
    return plays
      .toSorted((a, b) => comparePlays(a.event.id, b.event.id))
      .flatMap(({ event }) => ['', `PLAY ${event.play}${batchText(event)}`])
  }
}

/** Plays in their order: `2.0` before `10.0`. */
export const comparePlays = (a: string | undefined, b: string | undefined): number => {
  const [playA = 0, batchA = 0] = numbersOf(a)
  const [playB = 0, batchB = 0] = numbersOf(b)
  return playA - playB || batchA - batchB
}

const numbersOf = (id = ''): readonly number[] => id.split('.').map(Number)

const batchText = ({ batch, hosts }: PlayStarted): string =>
  batch === undefined ? '' : ` (batch ${batch + 1}: ${hosts.join(', ')})`

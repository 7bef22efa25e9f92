import type { Event } from '../core/event.js'

type PlayStarted = Extract<Event, { kind: 'play-started' }>

/**
 * The headings of plays. Hosts may be in different plays at the same time: one without work runs ahead, and strategy
 * `free` lets all of them go on. So the heading of a play is printed with the first line of that play, and printed
 * again (`goes on`) after lines of other plays.
 */
export class Headings {
  readonly #plays = new Map<string, { readonly event: PlayStarted; shown: boolean }>()
  #last: string | undefined

  /** @returns the lines to print at once: the heading of the first play, since nothing precedes it */
  begin(event: PlayStarted): readonly string[] {
    this.#plays.set(event.id, { event, shown: false })
    return this.#plays.size === 1 ? this.above(event.id) : []
  }

  /** The headings to print before a line of this play, those of earlier plays without any line included. */
  above(id: string | undefined): readonly string[] {
    const play = id === undefined ? undefined : this.#plays.get(id)
    if (id === undefined || play === undefined || id === this.#last) return []
    this.#last = id
    return play.shown ? [`PLAY ${play.event.play} goes on${batchText(play.event)}`] : this.#unshown(id)
  }

  /** Whether the heading of this play was printed. */
  isShown(id: string): boolean {
    return this.#plays.get(id)?.shown === true
  }

  /** At the end of the run: the headings of plays for which no line was printed. */
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

/** Compares the ids of plays: `2.0` comes before `10.0`. */
export const comparePlays = (a: string | undefined, b: string | undefined): number => {
  const [playA = 0, batchA = 0] = numbersOf(a)
  const [playB = 0, batchB = 0] = numbersOf(b)
  return playA - playB || batchA - batchB
}

const numbersOf = (id = ''): readonly number[] => id.split('.').map(Number)

const batchText = ({ batch, hosts }: PlayStarted): string =>
  batch === undefined ? '' : ` (batch ${batch + 1}: ${hosts.join(', ')})`

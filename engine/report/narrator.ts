import type { Event, StepEnded } from '../core/event.js'
import { type Paint, painter } from './colours.js'
import { FailedHosts } from './failed-hosts.js'
import { comparePlays, Headings } from './headings.js'
import { recapLines } from './recap.js'
import { ignoredLoop, isTold, stepParts } from './step-lines.js'
import { linesFor, warningText } from './words.js'

export interface NarratorOptions {
  readonly write: (text: string) => void
  readonly colours: boolean
  readonly diff: boolean
  readonly verbosity: number
  /** ms for which a line is kept back, so that other hosts with an equal line can be added to it. */
  readonly hold?: number
}

/** A line about hosts; equal lines are merged. */
interface Entry {
  readonly play: string | undefined
  readonly before: string
  readonly after: string
  readonly details: readonly string[]
  readonly hosts: string[]
}

/** Turns events into lines, in order. Equal lines about several hosts are printed once, with the names of the hosts. */
export class Narrator {
  readonly #options: NarratorOptions
  readonly #paint: Paint
  readonly #looped = new Set<string>()
  #entries: Entry[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #headings = new Headings()
  readonly #failed = new FailedHosts()
  /** Host → its index in the inventory. */
  #order: ReadonlyMap<string, number> = new Map()

  constructor(options: NarratorOptions) {
    this.#options = options
    this.#paint = painter(options.colours)
  }

  tell(event: Event): void {
    this.#failed.follow(event)
    switch (event.kind) {
      case 'run-started':
        this.#order = new Map(event.hosts.map((host, index) => [host, index]))
        return
      case 'step-ended':
        return this.#step(event)
      case 'step-retried':
        return this.#join(event.host, {
          play: event.step.play,
          before: 'retrying: ',
          after: ` › ${event.step.name} (${event.left} left)`,
          details: [],
        })
      case 'step-progress':
        return this.#join(event.host, {
          play: event.step.play,
          before: `${this.#paint('cyan', 'now')}: `,
          after: ` › ${event.step.name}: ${event.text}`,
          details: [],
        })
      case 'play-started':
        return this.#head(this.#headings.begin(event))
      case 'step-started':
        // While a long step runs, the heading of its own play must be the last one.
        if (this.#headings.isShown(event.step.play)) return
        this.flush()
        return this.#head(this.#headings.above(event.step.play))
      case 'host-failed': {
        const [what = '', ...rest] = linesFor(event.failure)
        return this.#join(event.host, {
          play: event.play,
          before: `${this.#paint('red', 'failed')}: `,
          after: `${event.step === undefined ? '' : ` › ${event.step.name}`}: ${what}`,
          details: rest.map(line => `  ${line}`),
        })
      }
      case 'warning':
        return this.#say(`${this.#paint('magenta', 'warning')}: ${warningText(event)}`)
      case 'interrupted':
        return this.#say(interruptedText(event))
      case 'run-ended': {
        this.flush()
        this.#head(this.#headings.rest())
        const title = event.check ? 'RECAP (nothing was changed)' : 'RECAP'
        const failed = this.#failed.lines(event.hosts, hosts => this.#names(hosts, undefined))
        return this.#say(
          '',
          this.#paint('bold', title),
          ...recapLines(event, this.#paint, this.#options.verbosity),
          ...failed.map(line => this.#paint('red', line)),
        )
      }
      default:
        return
    }
  }

  /** Prints the lines that were kept back, sorted by play, since a host never goes back to an earlier play. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const entries = this.#entries
    this.#entries = []
    for (const { play, before, hosts, after, details } of entries.sort((a, b) => comparePlays(a.play, b.play))) {
      this.#head(this.#headings.above(play))
      this.#options.write(`${[`${before}${this.#names(hosts, play)}${after}`, ...details].join('\n')}\n`)
    }
  }

  /**
   * For a loop, the lines of its items are enough; the loop as a whole is printed only where its failure was ignored.
   */
  #step(event: StepEnded): void {
    const key = `${event.host}\0${event.step.id}`
    const style = { ...this.#options, paint: this.#paint }
    if (event.item !== undefined) this.#looped.add(key)
    else if (this.#looped.delete(key)) {
      if (event.status === 'ignored') this.#join(event.host, { play: event.step.play, ...ignoredLoop(event, style) })
      return
    }
    if (!isTold(event, this.#options.verbosity)) return
    this.#join(event.host, { play: event.step.play, ...stepParts(event, style) })
  }

  #head(lines: readonly string[]): void {
    for (const line of lines) this.#options.write(`${line === '' ? '' : this.#paint('bold', line)}\n`)
  }

  #say(...lines: readonly string[]): void {
    this.flush()
    this.#options.write(`${lines.join('\n')}\n`)
  }

  /** Adds the host to an equal line, unless a later line about this host is waiting: its lines must stay in order. */
  #join(host: string, parts: Omit<Entry, 'hosts'>): void {
    const at = this.#entries.findLastIndex(entry => sameText(entry, parts))
    const entry = this.#entries[at]
    const blocked = at === -1 || this.#entries.slice(at).some(one => one.hosts.includes(host))
    if (entry !== undefined && !blocked) entry.hosts.push(host)
    else this.#entries.push({ ...parts, hosts: [host] })
    this.#timer ??= setTimeout(() => this.flush(), this.#options.hold ?? 150)
  }

  /** The names in inventory order, since the order of events is arbitrary. */
  #names(unsorted: readonly string[], play: string | undefined): string {
    const rankOf = (host: string): number => this.#order.get(host) ?? this.#order.size
    const hosts = unsorted.toSorted((a, b) => rankOf(a) - rankOf(b))
    if (hosts.length <= 6 || this.#options.verbosity > 0) return hosts.join(', ')
    if (hosts.length === this.#headings.hostsOf(play)) return `all ${hosts.length} hosts`
    return `${hosts.slice(0, 5).join(', ')} and ${hosts.length - 5} more`
  }
}

const sameText = (a: Omit<Entry, 'hosts'>, b: Omit<Entry, 'hosts'>): boolean =>
  a.play === b.play &&
  a.after === b.after &&
  a.before === b.before &&
  a.details.length === b.details.length &&
  a.details.every((line, index) => line === b.details[index])

export const interruptedText = ({ signal, again }: Extract<Event, { kind: 'interrupted' }>): string =>
  again === true
    ? `${signal} again: running steps are ended`
    : `${signal}: no new step is started; running steps are finished (a second signal ends them at once)`

import type { Event, StepEnded } from '../core/event.js'
import { type Paint, styleOf } from './colours.js'
import { seconds } from './words.js'

/** What one host is doing, and what it has done. */
interface Doing {
  readonly host: string
  step: string
  /** When the current work began: ms since 1970; undefined while the host waits. */
  since: number | undefined
  done: number
  changed: number
  failed: boolean
}

/**
 * The text of the live rows: one for each host, if they fit on the screen. Otherwise the first row sums up all hosts,
 * and the other rows show hosts that are at work.
 */
export class LiveRows {
  readonly #hosts: ReadonlyMap<string, Doing>
  readonly #all: readonly Doing[]
  /**
   * The hosts in the order of their last event, the latest at the end. Where not all fit, the latest are shown, those
   * at work first.
   */
  readonly #heard: Set<Doing>
  readonly #rows: number
  readonly #width: number

  /** @param most the greatest number of rows, at least 2 */
  constructor(
    hosts: readonly string[],
    most: number,
    readonly paint: Paint,
    readonly now: () => number,
  ) {
    this.#all = hosts.map(host => ({ host, step: 'connecting', since: now(), done: 0, changed: 0, failed: false }))
    this.#hosts = new Map(this.#all.map(doing => [doing.host, doing]))
    this.#heard = new Set(this.#all.toReversed())
    this.#width = hosts.reduce((width, host) => Math.max(width, host.length), 0)
    this.#rows = Math.min(hosts.length, Math.max(2, most))
  }

  get count(): number {
    return this.#rows
  }

  /** Whether each host has its own row. */
  get own(): boolean {
    return this.#rows === this.#hosts.size
  }

  follow(event: Event): void {
    const doing = 'host' in event && event.host !== undefined ? this.#hosts.get(event.host) : undefined
    if (doing === undefined) return
    this.#heard.delete(doing)
    this.#heard.add(doing)
    if (event.kind === 'host-failed') doing.failed = true
    else if (event.kind === 'step-ended') count(doing, event)
    else if (event.kind === 'step-started') begin(doing, event.step.name, this.now())
    else if (event.kind === 'step-progress') doing.step = `${event.step.name}: ${event.text}`
    else if (event.kind === 'host-connected') doing.step = 'connected'
    else return
    if (event.kind === 'host-failed' || event.kind === 'step-ended' || event.kind === 'host-connected') {
      doing.since = undefined
    }
  }

  failed(row: number): boolean {
    return this.own && this.#all[row]?.failed === true
  }

  titles(): readonly string[] {
    if (this.own) return this.#all.map(doing => this.#title(doing))
    const latest = [...this.#heard].reverse()
    const shown = [...latest.filter(isAtWork), ...latest.filter(one => !isAtWork(one))].slice(0, this.#rows - 1)
    return [this.#together(shown.length), ...shown.map(doing => this.#title(doing))]
  }

  #title({ host, done, changed, step, since, failed }: Doing): string {
    const padded = host.padEnd(this.#width)
    const name = failed ? this.paint('red', padded) : padded
    const counts = `${done} done${changed === 0 ? '' : `, ${this.paint(styleOf.changed, `${changed} changed`)}`}`
    const elapsed = (since === undefined ? '' : seconds(this.now() - since)).padStart(5)
    return `${name}  ${this.paint('dim', elapsed)}  ${counts}  ${since === undefined ? this.paint('dim', step) : step}`
  }

  /** @param shown how many hosts have their own row below this one */
  #together(shown: number): string {
    const all = this.#all
    const working = all.filter(isAtWork).length
    const failed = all.filter(one => one.failed).length
    const changed = all.reduce((sum, one) => sum + one.changed, 0)
    return [
      `${all.length} hosts`,
      `${working} at work`,
      ...(changed === 0 ? [] : [this.paint(styleOf.changed, `${changed} changes`)]),
      ...(failed === 0 ? [] : [this.paint('red', `${failed} failed`)]),
      this.paint('dim', `${all.length - shown} not shown here`),
    ].join(', ')
  }
}

const isAtWork = ({ since, failed }: Doing): boolean => since !== undefined && !failed

const begin = (doing: Doing, step: string, now: number): void => {
  doing.step = step
  doing.since = now
}

const count = (doing: Doing, { status, step, item }: StepEnded): void => {
  doing.step = step.name
  if (item !== undefined) return
  doing.done++
  if (status === 'failed' || status === 'unreachable') doing.failed = true
  if (status === 'changed' || status === 'would-change') doing.changed++
}

import type { Event, StepEnded } from '../core/event.js'
import { type Paint, styleOf } from './colours.js'
import { seconds } from './words.js'

/** What one host is doing, and what it has done so far. */
interface Doing {
  readonly host: string
  step: string
  /** ms since the epoch, while something is under way. */
  since: number | undefined
  done: number
  changed: number
  failed: boolean
  /** When it was last heard of: those at work come first where not all can be shown. */
  heard: number
}

/**
 * What the live rows say: a row a host where they fit on the screen; where they do not, a row for all together, and rows for
 * the hosts that are at work.
 */
export class LiveRows {
  readonly #hosts = new Map<string, Doing>()
  readonly #rows: number

  /** @param most how many rows there may be, at least 2 */
  constructor(
    hosts: readonly string[],
    most: number,
    readonly paint: Paint,
    readonly now: () => number,
  ) {
    for (const host of hosts) {
      this.#hosts.set(host, {
        host,
        step: 'connecting',
        since: now(),
        done: 0,
        changed: 0,
        failed: false,
        heard: 0,
      })
    }
    this.#rows = Math.min(hosts.length, Math.max(2, most))
  }

  get count(): number {
    return this.#rows
  }

  /** Whether each host has a row of its own. */
  get own(): boolean {
    return this.#rows === this.#hosts.size
  }

  follow(event: Event): void {
    const doing = 'host' in event && event.host !== undefined ? this.#hosts.get(event.host) : undefined
    if (doing === undefined) return
    doing.heard = this.now()
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
    return this.own && [...this.#hosts.values()][row]?.failed === true
  }

  titles(): readonly string[] {
    const all = [...this.#hosts.values()]
    const width = Math.max(0, ...all.map(({ host }) => host.length))
    if (this.own) return all.map(doing => this.#title(doing, width))
    const busy = all.toSorted((a, b) => rankOf(b) - rankOf(a) || b.heard - a.heard).slice(0, this.#rows - 1)
    return [this.#together(all), ...busy.map(doing => this.#title(doing, width))]
  }

  #title({ host, done, changed, step, since, failed }: Doing, width: number): string {
    const name = failed ? this.paint('red', host.padEnd(width)) : host.padEnd(width)
    const counts = `${done} done${changed === 0 ? '' : `, ${this.paint(styleOf.changed, `${changed} changed`)}`}`
    const elapsed = (since === undefined ? '' : seconds(this.now() - since)).padStart(5)
    return `${name}  ${this.paint('dim', elapsed)}  ${counts}  ${since === undefined ? this.paint('dim', step) : step}`
  }

  #together(all: readonly Doing[]): string {
    const working = all.filter(({ since, failed }) => since !== undefined && !failed).length
    const failed = all.filter(one => one.failed).length
    const changed = all.reduce((sum, one) => sum + one.changed, 0)
    return [
      `${all.length} hosts`,
      `${working} at work`,
      ...(changed === 0 ? [] : [this.paint(styleOf.changed, `${changed} changes`)]),
      ...(failed === 0 ? [] : [this.paint('red', `${failed} failed`)]),
    ].join(', ')
  }
}

const rankOf = ({ since, failed }: Doing): number => (since !== undefined && !failed ? 1 : 0)

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

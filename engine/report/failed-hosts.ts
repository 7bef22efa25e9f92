import type { Event, HostRecap } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { linesFor } from './words.js'

/** What ended each host, so that a long output closes with all of them in one place. */
export class FailedHosts {
  /** Host → the step and the first line of the failure that ended it. */
  readonly #causes = new Map<string, string>()

  follow(event: Event): void {
    if (event.kind === 'step-ended' && event.failure !== undefined && ended.has(event.status)) {
      this.#causes.set(event.host, `${event.step.name}: ${whatOf(event.failure)}`)
    }
    // A host may be given up because of others: its own failure says more.
    if (event.kind === 'host-failed' && !this.#causes.has(event.host)) {
      const at = event.step === undefined ? '' : `${event.step.name}: `
      this.#causes.set(event.host, `${at}${whatOf(event.failure)}`)
    }
  }

  /**
   * One line for each cause, the hosts that share it named together.
   *
   * @returns nothing for a single host: its failure stands just above
   */
  lines(hosts: { readonly [host: string]: HostRecap }, names: (hosts: readonly string[]) => string): readonly string[] {
    if (Object.keys(hosts).length < 2) return []
    const byCause = new Map<string, string[]>()
    for (const [host, { failed, unreachable }] of Object.entries(hosts)) {
      if (failed === 0 && unreachable === 0) continue
      const cause = this.#causes.get(host)
      const word = failed > 0 ? 'failed' : 'unreachable'
      addTo(byCause, `${word}\0${cause === undefined ? '' : ` › ${cause}`}`, host)
    }
    return [...byCause].map(([key, alike]) => {
      const [word = '', cause = ''] = key.split('\0')
      return `${word}: ${names(alike)}${cause}`
    })
  }
}

const ended: ReadonlySet<string> = new Set(['failed', 'unreachable'])

const whatOf = (failure: Parameters<typeof linesFor>[0]): string => linesFor(failure)[0] ?? ''

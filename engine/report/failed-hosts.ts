import type { Event, HostRecap } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { linesFor } from './words.js'

/** Remembers why each host failed, so that the end of a long output lists all failed hosts. */
export class FailedHosts {
  /** Host → the step at which the host failed, and the first line of the failure. */
  readonly #causes = new Map<string, string>()

  follow(event: Event): void {
    if (event.kind === 'step-ended' && event.failure !== undefined && ended.has(event.status)) {
      this.#causes.set(event.host, `${event.step.name}: ${whatOf(event.failure)}`)
    }
    // A host may fail only because others failed: its own failure, if it has one, says more.
    if (event.kind === 'host-failed' && !this.#causes.has(event.host)) {
      const at = event.step === undefined ? '' : `${event.step.name}: `
      this.#causes.set(event.host, `${at}${whatOf(event.failure)}`)
    }
  }

  /**
   * One line for each cause, with all hosts that failed for it.
   *
   * @returns no lines for a run with one host, since its failure was printed just before
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

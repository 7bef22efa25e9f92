import type { Event } from '../core/event.js'
import type { Layer } from '../core/vars.js'
import { maskEvent, secretsOf } from './step/redact.js'

/** Passes the events of a run to the reporter, without secrets. */
export class RunEvents {
  readonly #secrets: readonly string[]
  readonly #warned = new Set<string>()
  #sawBug = false

  /** @param layers variables whose secret values must not be shown */
  constructor(
    readonly report: (event: Event) => void,
    layers: readonly Layer[],
  ) {
    this.#secrets = secretsOf(layers)
  }

  /** Whether a bug in tkplay was reported. */
  get sawBug(): boolean {
    return this.#sawBug
  }

  emit(event: Event): void {
    if ('failure' in event && event.failure?.failure.kind === 'bug') this.#sawBug = true
    this.report(maskEvent(event, this.#secrets))
  }

  /** Emits a warning about the whole run; the same message only once. */
  warnOnce(message: string): void {
    if (this.#warned.has(message)) return
    this.#warned.add(message)
    this.emit({ kind: 'warning', message })
  }
}

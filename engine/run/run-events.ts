import type { Event } from '../core/event.js'
import type { Layer } from '../core/vars.js'
import { maskEvent, secretsOf } from './step/redact.js'

/** The events of a run, on their way to whoever reports them: without secrets. */
export class RunEvents {
  readonly #secrets: readonly string[]
  readonly #warned = new Set<string>()
  #sawBug = false

  /** @param layers whose secret values must not be shown */
  constructor(
    readonly report: (event: Event) => void,
    layers: readonly Layer[],
  ) {
    this.#secrets = secretsOf(layers)
  }

  /** Whether a failure that is tkplay's own fault was reported. */
  get sawBug(): boolean {
    return this.#sawBug
  }

  emit(event: Event): void {
    if ('failure' in event && event.failure?.failure.kind === 'bug') this.#sawBug = true
    this.report(maskEvent(event, this.#secrets))
  }

  /** A warning that is the same for all hosts. */
  warnOnce(message: string): void {
    if (this.#warned.has(message)) return
    this.#warned.add(message)
    this.emit({ kind: 'warning', message })
  }
}

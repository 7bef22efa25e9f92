import type { HostRecap, StepStatus } from '../../core/event.js'
import type { Failure } from '../../core/failure.js'

type Counts = { -readonly [K in Exclude<keyof HostRecap, 'stopped' | 'roundTrips'>]: number }
type Stopped = NonNullable<HostRecap['stopped']>

/** What the recap counts for a step, beside its status. */
interface StepFlags {
  readonly notIdempotent?: boolean
  readonly executedInCheck?: boolean
  readonly onlyInRun?: boolean
}

/**
 * The state of a host in a run, and its numbers in the recap. A host is live until it fails for good or is unreachable.
 * Each failure is counted once: as failed, or as rescued when a rescue takes it over, possibly after an `always`.
 */
export class HostState {
  #status: 'live' | 'failed' | 'unreachable' = 'live'
  /** The failure that was counted last, and that a rescue may still take over. */
  #open: Failure | undefined
  #wasRescued = false
  #stopped: Stopped | undefined
  readonly #counts: Counts = {
    ok: 0,
    changed: 0,
    wouldChange: 0,
    unknown: 0,
    skipped: 0,
    failed: 0,
    ignored: 0,
    rescued: 0,
    unreachable: 0,
    notIdempotent: 0,
    executedInCheck: 0,
    onlyInRun: 0,
  }

  get status(): 'live' | 'failed' | 'unreachable' {
    return this.#status
  }

  /** Whether a failure was counted that no rescue took over. */
  get hasFailed(): boolean {
    return this.#counts.failed > 0
  }

  count(status: StepStatus, flags: StepFlags = {}): void {
    this.#counts[status === 'would-change' ? 'wouldChange' : status]++
    if (flags.notIdempotent === true) this.#counts.notIdempotent++
    if (flags.executedInCheck === true) this.#counts.executedInCheck++
    if (flags.onlyInRun === true && status === 'ok') this.#counts.onlyInRun++
  }

  /** Records a counted failure that a rescue may take over. */
  raise(failure: Failure): void {
    this.#open = failure
  }

  rescue(failure: Failure): void {
    this.#wasRescued = true
    if (this.#open !== failure) return
    this.#open = undefined
    this.#counts.failed--
    this.#counts.rescued++
  }

  /** Whether a rescue took over a failure since the last call. */
  takeRescued(): boolean {
    const was = this.#wasRescued
    this.#wasRescued = false
    return was
  }

  lose(): void {
    this.#status = 'unreachable'
  }

  /** The host failed for good. @returns whether this is new */
  fail(): boolean {
    if (this.#status === 'failed') return false
    this.#status = 'failed'
    return true
  }

  /** The user ended the run. The first call counts. */
  stop(stopped: Stopped): void {
    this.#stopped ??= stopped
  }

  recap(roundTrips: number): HostRecap {
    return { ...this.#counts, roundTrips, ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }) }
  }
}

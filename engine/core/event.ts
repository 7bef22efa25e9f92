import type { About } from './diagnostic.js'
import type { ReportedFailure } from './failure.js'
import type { Json } from './json.js'
import type { Change } from './module.js'
import type { Source } from './source.js'

/** What a report needs to name a step. */
export interface StepName {
  readonly id: string
  /** Rendered: `common-prep : swap off now`. */
  readonly name: string
  readonly module: string
  readonly source: Source
  /** The `id` of the `play-started` event of its play. Hosts may be in different plays at the same time. */
  readonly play: string
  readonly role?: string
  readonly handler?: boolean
}

/**
 * - ok: the host is already as wanted.
 * - changed; would-change is the same in a dry run.
 * - unknown (dry run): the result depends on a pending step.
 * - skipped: `when` is false, or the loop has no items.
 * - failed; ignored: failed under `ignore_errors`; rescued: failed, and a `rescue` follows.
 */
export type StepStatus =
  | 'ok'
  | 'changed'
  | 'would-change'
  | 'unknown'
  | 'skipped'
  | 'failed'
  | 'ignored'
  | 'rescued'
  | 'unreachable'

/** What happened, in order, as data. `-o json` prints one event a line; all other reports are made from the same events. */
export type Event =
  | {
      readonly kind: 'run-started'
      readonly playbooks: readonly string[]
      readonly hosts: readonly string[]
      readonly check: boolean
    }
  | {
      readonly kind: 'play-started'
      /** `PLAY.BATCH`, both counted from 0: `2.0` comes before `10.0`. */
      readonly id: string
      readonly play: string
      readonly hosts: readonly string[]
      readonly batch?: number
    }
  | { readonly kind: 'host-connected'; readonly host: string; readonly ms: number }
  | { readonly kind: 'step-started'; readonly host: string; readonly step: StepName; readonly item?: string }
  | { readonly kind: 'step-progress'; readonly host: string; readonly step: StepName; readonly text: string }
  | {
      readonly kind: 'step-retried'
      readonly host: string
      readonly step: StepName
      readonly attempt: number
      readonly left: number
    }
  | StepEnded
  | {
      readonly kind: 'host-failed'
      readonly host: string
      readonly failure: ReportedFailure
      /** The `id` of the `play-started` event of the play in which the host failed. */
      readonly play?: string
      /** The step at which the host failed: an include, or a step whose keywords cannot be evaluated. */
      readonly step?: StepName
    }
  | { readonly kind: 'handler-notified'; readonly host: string; readonly handler: string; readonly by: StepName }
  /**
   * Advice, not a failure: a deprecated spelling, a handler that an interrupted run left pending. Without `host` the
   * warning is about the whole run.
   */
  | {
      readonly kind: 'warning'
      readonly about?: About
      readonly host?: string
      readonly message: string
      readonly source?: Source
      readonly hint?: string
    }
  /** `again`: a second signal, which ends the run at once. */
  | { readonly kind: 'interrupted'; readonly signal: string; readonly again?: true }
  | RunEnded

export interface StepEnded {
  readonly kind: 'step-ended'
  readonly host: string
  readonly step: StepName
  readonly status: StepStatus
  /** The label of a loop item. The event of the step as a whole follows after those of all items. */
  readonly item?: string
  readonly changes: readonly Change[]
  /** With status `unknown`: what the result depends on, as a phrase. */
  readonly waitsFor?: string
  readonly failure?: ReportedFailure
  /** What `debug` prints. */
  readonly message?: Json
  /** The result as `register` holds it, without secrets; under `no_log` only its status fields. Ad-hoc commands print it. */
  readonly result?: Json
  readonly delegatedTo?: string
  /** The task's `diff` keyword: whether to show diffs. */
  readonly diff?: boolean
  readonly noLog?: boolean
  /** The module is lenient (`Verify`), and its plan was not empty after the change: «changed, not idempotent». */
  readonly notIdempotent?: boolean
  /** The step was executed in a dry run, because of `check_mode: false`. */
  readonly executedInCheck?: boolean
  /**
   * Dry run: the step was not executed and its effect is not known. Its status is ok because a run, too, reports this
   * module as «not changed».
   */
  readonly onlyInRun?: boolean
  /** ms from the step's turn to its end. */
  readonly ms: number
}

export interface HostRecap {
  readonly ok: number
  readonly changed: number
  readonly wouldChange: number
  readonly unknown: number
  readonly skipped: number
  readonly failed: number
  readonly ignored: number
  readonly rescued: number
  readonly unreachable: number
  readonly notIdempotent: number
  readonly executedInCheck: number
  /** How many of the `ok` steps a dry run did not execute (`StepEnded.onlyInRun`). */
  readonly onlyInRun: number
  readonly roundTrips: number
  /** For a host whose run was interrupted: the step that it was at, and what became of that step. */
  readonly stopped?: { readonly step: string; readonly how: 'before' | 'finished' | 'ended' | 'running on the host' }
}

export interface RunEnded {
  readonly kind: 'run-ended'
  readonly check: boolean
  readonly hosts: { readonly [host: string]: HostRecap }
  readonly exitCode: number
  readonly ms: number
}

export interface Reporter {
  event(event: Event): void
  /** Prints everything that is outstanding, then leaves the terminal to a question until it is answered. */
  aside?<T>(question: () => Promise<T>): Promise<T>
  /** Restores the terminal. Nothing is printed afterwards. */
  close(): Promise<void>
}

import type { About } from './diagnostic.js'
import type { ReportedFailure } from './failure.js'
import type { Json } from './json.js'
import type { Change } from './module.js'
import type { Source } from './source.js'

/** The step as reporters name it. */
export interface StepName {
  readonly id: string
  /** Rendered: `common-prep : swap off now`. */
  readonly name: string
  readonly module: string
  readonly source: Source
  /** The `id` of its play's start. Hosts may be in different plays at a time. */
  readonly play: string
  readonly role?: string
  readonly handler?: boolean
}

/**
 * ok: looked at, nothing to change. changed. would-change (dry run). unknown: cannot be told before something pending happens.
 * skipped: `when` is false, or nothing to loop over. failed; ignored: failed under ignore_errors; rescued: failed, a rescue followed.
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

/** What happened, in order, as data. `-o json` prints one a line; the tree and the plain lines are made of the same. */
export type Event =
  | {
      readonly kind: 'run-started'
      readonly playbooks: readonly string[]
      readonly hosts: readonly string[]
      readonly check: boolean
    }
  | {
      readonly kind: 'play-started'
      /** The play's place in the run and its batch: `2.0` comes before `10.0`. */
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
      /** The play it was in. */
      readonly play?: string
      /** What it was at: an include, or a step whose keywords cannot be evaluated. */
      readonly step?: StepName
    }
  | { readonly kind: 'handler-notified'; readonly host: string; readonly handler: string; readonly by: StepName }
  /** `host` undefined: about the run. Advice that is not a failure: deprecated spelling, a pending handler of a killed run. */
  | {
      readonly kind: 'warning'
      readonly about?: About
      readonly host?: string
      readonly message: string
      readonly source?: Source
      readonly hint?: string
    }
  /** `again`: the second signal, which ends at once. */
  | { readonly kind: 'interrupted'; readonly signal: string; readonly again?: true }
  | RunEnded

export interface StepEnded {
  readonly kind: 'step-ended'
  readonly host: string
  readonly step: StepName
  readonly status: StepStatus
  /** One item of a loop (its label); the step's own event follows after all items. */
  readonly item?: string
  readonly changes: readonly Change[]
  /** Status unknown: what it waits for. */
  readonly waitsFor?: string
  readonly failure?: ReportedFailure
  /** What debug prints. */
  readonly message?: Json
  /** The registered result (ad hoc prints it), secrets out; under no_log only its status fields. */
  readonly result?: Json
  readonly delegatedTo?: string
  /** The task's own word on whether diffs are shown. */
  readonly diff?: boolean
  readonly noLog?: boolean
  /** A lenient module's plan was not empty after its change: «changed, not idempotent». */
  readonly notIdempotent?: boolean
  /** `check_mode: false` made a dry run execute it. */
  readonly executedInCheck?: boolean
  /** Status ok in a dry run, by what a run calls it: only a run does it, and nobody knows what comes of it. */
  readonly onlyInRun?: boolean
  /** Milliseconds from its turn to its end. */
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
  /** Of those that are ok in a dry run: what only a run does. */
  readonly onlyInRun: number
  readonly roundTrips: number
  /** Where an interrupted host stands: the step it was in, and whether it was finished or ended. */
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
  /** Leaves the terminal to a question meanwhile, with all said that was to be said before it. */
  aside?<T>(question: () => Promise<T>): Promise<T>
  /** Restores the terminal; after it nothing more is printed. */
  close(): Promise<void>
}

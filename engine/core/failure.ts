import type { Diagnostic } from './diagnostic.js'
import type { Json, JsonObject } from './json.js'
import type { Message } from './messages.js'
import type { Change, Raw } from './module.js'
import type { Source } from './source.js'

/** What went wrong, as data; reporters find the words. */
export type Failure =
  | InvalidConfig
  | {
      readonly kind: 'unreachable'
      readonly code: UnreachableCode
      readonly message: string
      readonly remedy: string
      /** The host's program that would not (sudo), and what it said. */
      readonly ran?: Ran
    }
  /** A read did not say. `command` is the shell text that was read. */
  | { readonly kind: 'not-observed'; readonly command: string; readonly raw: Raw; readonly what?: string }
  /** A plan needs something that no earlier step is going to bring. */
  | { readonly kind: 'missing'; readonly needs: string; readonly remedy?: string }
  | { readonly kind: 'refused'; readonly code: string; readonly data: Json }
  | {
      readonly kind: 'apply-failed'
      readonly command: string
      readonly raw: Raw
      readonly change?: string
      readonly diagnosis?: { readonly code: string; readonly data: Json }
      readonly secret?: boolean
      /** What `register` holds of it beside the words for it: `status_code`, `url`. */
      readonly result?: JsonObject
    }
  | { readonly kind: 'not-converged'; readonly changes: readonly Change[] }
  | {
      readonly kind: 'timeout'
      readonly command: string
      readonly ms: number
      readonly message?: string
      /** It was a look, with a command of the module's own. */
      readonly reads?: true
    }
  /** The author said so: fail, assert, failed_when, a command's return code. */
  | {
      readonly kind: 'task-failed'
      readonly message: string
      readonly raw?: Raw
      readonly command?: string
      /** The condition of an `assert` that does not hold, and its task. */
      readonly condition?: { readonly text: string; readonly source: Source }
    }
  /** `runsOn`: what was begun may go on on the host, to its good end. */
  | { readonly kind: 'interrupted'; readonly runsOn?: true }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string }

interface Ran {
  readonly command: string
  readonly stderr: string
}

/** With what the module's `messages` say of it, filled in by the engine, so that every reporter says the same. */
export interface ReportedFailure {
  readonly failure: Failure
  readonly message?: Message
}

export interface InvalidConfig extends Diagnostic {
  readonly kind: 'invalid-config'
}

export type UnreachableCode =
  | 'refused'
  | 'timeout'
  | 'no-route'
  | 'unknown-name'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'auth'
  | 'become-password'
  /** There is no such user to become. */
  | 'no-user'
  | 'become-denied'
  | 'lost'
  | 'no-shell'
  | 'other'

/** Carries a failure to the one place that turns it into an event. The only error that modules and transports throw on purpose. */
export class TkplayError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind === 'bug' || 'message' in failure ? String(failure.message ?? failure.kind) : failure.kind)
  }
}

/** Something the user wrote is wrong. Exit 2. Several can be thrown as one. */
export class ConfigError extends TkplayError {
  readonly all: readonly InvalidConfig[]
  constructor(first: Diagnostic, ...more: readonly Diagnostic[]) {
    super({ kind: 'invalid-config', ...first })
    this.all = [first, ...more].map(one => ({ kind: 'invalid-config', ...one }))
  }
}

export class ApplyFailed extends TkplayError {
  constructor(
    readonly command: string,
    readonly raw: Raw,
    more: {
      readonly diagnosis?: { readonly code: string; readonly data: Json }
      readonly secret?: boolean
      readonly result?: JsonObject
    } = {},
  ) {
    super({ kind: 'apply-failed', command, raw, ...more })
  }
}

export class Unreachable extends TkplayError {
  constructor(
    readonly code: UnreachableCode,
    message: string,
    remedy: string,
    ran?: Ran,
  ) {
    super({ kind: 'unreachable', code, message, remedy, ...(ran === undefined ? {} : { ran }) })
  }
}

/** Interrupted when it had been sent: it may be done in part, or go on. */
export class CutOff extends TkplayError {
  constructor() {
    super({ kind: 'interrupted' })
  }
}

/** The answer does not say. Not observed is never the same as absent. */
export class NotObserved extends Error {
  constructor(
    readonly raw: Raw,
    readonly what?: string,
  ) {
    super(what ?? 'not observed')
  }
}

import type { Diagnostic } from './diagnostic.js'
import type { Json, JsonObject } from './json.js'
import type { Message } from './messages.js'
import type { Change, Raw } from './module.js'
import type { Source } from './source.js'

/** What went wrong, as data. The words are made in `report/words.ts`. */
export type Failure =
  | InvalidConfig
  | {
      readonly kind: 'unreachable'
      readonly code: UnreachableCode
      readonly message: string
      readonly remedy: string
      /** The program on the host that refused (sudo), and what it printed. */
      readonly ran?: Ran
    }
  /** The answer to a read does not tell the state. `command` is the shell text of the read. */
  | { readonly kind: 'not-observed'; readonly command: string; readonly raw: Raw; readonly what?: string }
  /** A plan needs something that is missing, and no earlier step brings it. */
  | { readonly kind: 'missing'; readonly needs: string; readonly remedy?: string }
  | { readonly kind: 'refused'; readonly code: string; readonly data: Json }
  | {
      readonly kind: 'apply-failed'
      readonly command: string
      readonly raw: Raw
      readonly change?: string
      readonly diagnosis?: { readonly code: string; readonly data: Json }
      readonly secret?: boolean
      /** More fields for `register`, such as `status_code` and `url`. */
      readonly result?: JsonObject
    }
  | { readonly kind: 'not-converged'; readonly changes: readonly Change[] }
  | {
      readonly kind: 'timeout'
      readonly command: string
      readonly ms: number
      readonly message?: string
      /** The command was a read of the module, not a change. */
      readonly reads?: true
    }
  /** The playbook makes this a failure: `fail`, `assert`, `failed_when`, a command's return code. */
  | {
      readonly kind: 'task-failed'
      readonly message: string
      readonly raw?: Raw
      readonly command?: string
      /** The condition of an `assert` that is false, and where the task is written. */
      readonly condition?: { readonly text: string; readonly source: Source }
    }
  /** `runsOn`: the command was started and may still run to its end on the host. */
  | { readonly kind: 'interrupted'; readonly runsOn?: true }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string }

interface Ran {
  readonly command: string
  readonly stderr: string
}

/** A failure with the message of the module or role, where it has one. The engine adds it, so that all reports agree. */
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
  /** The become user does not exist on the host. */
  | 'no-user'
  | 'become-denied'
  | 'lost'
  | 'no-shell'
  | 'other'

/** Carries a `Failure` to the code that makes an event of it. Modules and transports throw no other errors on purpose. */
export class TkplayError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind === 'bug' || 'message' in failure ? String(failure.message ?? failure.kind) : failure.kind)
  }
}

/** One or more errors in what the user wrote. Exit code 2. */
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

/** Interrupted after the command was sent: it may be half done, or still at work. */
export class CutOff extends TkplayError {
  constructor() {
    super({ kind: 'interrupted' })
  }
}

/** The answer to a read does not tell the state. «Not observed» must never be taken for «absent». */
export class NotObserved extends Error {
  constructor(
    readonly raw: Raw,
    readonly what?: string,
  ) {
    super(what ?? 'not observed')
  }
}

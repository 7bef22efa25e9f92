import type { Json } from './json.js'

/** A message for the user: what happened, and one thing to do next. */
export interface Message {
  readonly what: string
  readonly remedy: string
}

/** The answer of a failed command, decoded, without secrets. */
export interface CommandOutput {
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

/** The messages for the failures that a module or role knows, by their codes. */
export interface Messages {
  readonly codes: { readonly [code: string]: (data: Json) => Message }
  /** Recognises a known failure by the output of a failed command; undefined for any other. */
  diagnose?(output: CommandOutput): { readonly code: string; readonly data: Json } | undefined
}

import type { Json } from './json.js'

/** What to tell the user: what happened, and the one thing to do next. */
export interface Message {
  readonly what: string
  readonly remedy: string
}

/** A failure's output as text, already decoded and with secrets out. */
export interface Said {
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
}

/** A module's or role's own failures, each with its remedy. */
export interface Messages {
  readonly codes: { readonly [code: string]: (data: Json) => Message }
  /** Recognises a known failure in what a failed command said. */
  diagnose?(said: Said): { readonly code: string; readonly data: Json } | undefined
}

import type { Source } from './source.js'

/** The kind of thing that a diagnostic is about. */
export type About = 'variable' | 'parameter' | 'module' | 'template' | 'handler' | 'role' | 'include' | 'hosts'

/** An error, or a likely error, in something that a user wrote: what, where, and what to do. */
export interface Diagnostic {
  readonly about?: About
  readonly message: string
  readonly source?: Source
  /** What to do: «did you mean 'become'?», or another remedy. */
  readonly hint?: string
  /** The source is under `no_log`: reports must not show its line. */
  readonly noLog?: true
}

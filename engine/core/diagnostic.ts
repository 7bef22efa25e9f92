import type { Source } from './source.js'

/** What a finding is about. */
export type About = 'variable' | 'parameter' | 'module' | 'template' | 'handler' | 'role' | 'include' | 'hosts'

/** What is wrong in something that a user wrote, or likely so: where, and what to do. */
export interface Diagnostic {
  readonly about?: About
  readonly message: string
  readonly source?: Source
  /** «did you mean 'become'?», or the cure. */
  readonly hint?: string
  /** It stands where no_log says that nothing is shown: nor is its line. */
  readonly noLog?: true
}

import type { Context } from '../context.js'
import type { Entry } from '../entry.js'

export type Level = 'play' | 'role' | 'block' | 'task'

/** One keyword: where it may stand, and how it changes the surroundings of what is inside. Without `apply` the compiler of the play, block or task reads it. */
export interface Keyword {
  readonly name: string
  readonly on: readonly Level[]
  readonly doc: string
  readonly apply?: (context: Context, entry: Entry, level: Level) => Context
  /** Ansible has the keyword and tkplay does not: what to do instead. */
  readonly instead?: string
}

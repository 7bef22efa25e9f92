import type { Context } from '../context.js'
import type { Entry } from '../entry.js'

export type Level = 'play' | 'role' | 'block' | 'task'

/** One keyword: where it may stand, and how it changes what is inside. Without `apply` the part it belongs to reads it. */
export interface Keyword {
  readonly name: string
  readonly on: readonly Level[]
  readonly doc: string
  readonly apply?: (context: Context, entry: Entry, level: Level) => Context
  /** Ansible's, and not offered: what to do instead. */
  readonly instead?: string
}

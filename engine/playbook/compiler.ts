import type { Source } from '../core/source.js'
import type { Node, Step } from '../core/step.js'
import type { Dict, Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import type { Context } from './context.js'
import type { Entry } from './entry.js'

/**
 * What compiling one part asks of the others, which stand above it: a block holds tasks, an include brings a file of them, a role brings
 * files and other roles. `PlaybookCompiler` has them all.
 */
export interface Compiler {
  /** What each include needs when its turn comes. */
  readonly includes: WeakMap<Step, Include>
  /** A file's tree, read once: an include in a loop, or on many hosts, asks often. @throws ConfigError */
  tree(file: string): Promise<Value>
  /** A list of tasks and blocks. */
  nodes(context: Context, list: Entry): Promise<readonly Node[]>
  /** A role at its place: what it depends on, then its own tasks. */
  role(context: Context, call: RoleCall, options: RoleOptions): Promise<readonly Node[]>
}

/** What surrounds an include, without its own keywords. */
export interface Include {
  readonly context: Context
  readonly vars: Layer
  readonly apply: Entry | undefined
}

/** How a role is used at one place: its name, the keywords and the parameters given beside it. */
export interface RoleCall {
  readonly name: string
  readonly source: Source
  readonly keywords: readonly Entry[]
  readonly params: Layer
  /** As written, for finding the same use again. */
  readonly written: Dict
  readonly from: RoleFiles
}

/** Other files than main. */
export interface RoleFiles {
  readonly tasks?: string
  readonly vars?: string
  readonly defaults?: string
  readonly handlers?: string
}

export interface RoleOptions {
  /**
   * `roles:` (`play`) and what roles depend on: not again on a host on which the same use ran. Only the host knows
   * whether it ran: conditions and tags are inherited.
   */
  readonly once: 'play' | 'host' | false
  /** Whether its variables are seen by the rest of the play. */
  readonly public: boolean
  /** By an include, which fails where it is not there. */
  readonly included?: true
}

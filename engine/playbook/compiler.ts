import type { Source } from '../core/source.js'
import type { Node, Step } from '../core/step.js'
import type { Dict, Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import type { Context } from './context.js'
import type { Entry } from './entry.js'

/**
 * How one part of the compiler calls another that stands above it: a block holds tasks, an include brings a file of tasks, a role brings
 * files and other roles. `PlaybookCompiler` implements it.
 */
export interface Compiler {
  /** What each include needs when its turn comes. */
  readonly includes: WeakMap<Step, Include>
  /** A file's tree, read once: an include in a loop, or on many hosts, asks often. @throws ConfigError */
  tree(file: string): Promise<Value>
  /** A list of tasks and blocks. */
  nodes(context: Context, list: Entry): Promise<readonly Node[]>
  /** A role where it is used: what it depends on, then its own tasks. */
  role(context: Context, call: RoleCall, options: RoleOptions): Promise<readonly Node[]>
}

/** What compiling an include at its turn needs: its surroundings, without its own keywords. */
export interface Include {
  readonly context: Context
  readonly vars: Layer
  readonly apply: Entry | undefined
}

/** One use of a role: its name, the keywords and the parameters given beside it. */
export interface RoleCall {
  readonly name: string
  readonly source: Source
  readonly keywords: readonly Entry[]
  readonly params: Layer
  /** The dict as written: two equal ones are the same use. */
  readonly written: Dict
  readonly from: RoleFiles
}

/** Files to use in place of `main`. */
export interface RoleFiles {
  readonly tasks?: string
  readonly vars?: string
  readonly defaults?: string
  readonly handlers?: string
}

export interface RoleOptions {
  /**
   * `roles:` (`play`) and dependencies (`host`) run once a use: they are passed over on a host on which the same use ran. Only
   * the host knows whether it ran, since conditions and tags are inherited.
   */
  readonly once: 'play' | 'host' | false
  /** The rest of the play sees the role's variables. */
  readonly public: boolean
  /** The role is used by an include, which fails where the role is not found. */
  readonly included?: true
}

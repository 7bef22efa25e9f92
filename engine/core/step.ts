import type { Expr } from './expr.js'
import type { Messages } from './messages.js'
import type { Role } from './role.js'
import type { Source } from './source.js'
import type { Layer } from './vars.js'

/** What YAML and roles compile to; the engine knows nothing else. */
export type Node = Step | Block | RoleUse

/** Where a step was written, for finding its files and for its role's variables. */
export interface Origin {
  /** The folder of the playbook. */
  readonly playDir: string
  /** The folder of the file the step stands in. */
  readonly dir: string
  readonly role?: {
    readonly name: string
    readonly path: string
    readonly parents: readonly string[]
    /** The role with the parameters it is used with: who uses it the same way elsewhere has the same. */
    readonly use?: string
  }
}

/** How the user that runs a step is chosen. Each is evaluated on the host's variables. */
export interface Become {
  readonly become?: Expr
  readonly user?: Expr
  readonly method?: Expr
  readonly flags?: Expr
}

export interface Loop {
  readonly items: Expr
  /** `item` unless told. */
  readonly variable: string
  readonly indexVariable?: string
  readonly label?: Expr
  readonly pause?: Expr
  readonly extended?: boolean
  /** How the items become a list: `loop` takes a list as it is, `with_items` flattens once, … */
  readonly kind:
    | 'list'
    | 'items'
    | 'dict'
    | 'sequence'
    | 'together'
    | 'nested'
    | 'subelements'
    | 'fileglob'
    | 'first_found'
    | 'indexed_items'
}

/**
 * One task. Keywords that a block, role, include or play hands down (when, become, tags, environment, vars) are already in it.
 */
export interface Step {
  readonly kind: 'step'
  /** Stable between runs: where it stands, and its name. */
  readonly id: string
  /** As written; may hold templates. Undefined: the module's name stands for it. */
  readonly name: Expr | undefined
  readonly source: Source
  readonly origin: Origin
  readonly module: string
  /** A dict of the module's parameters. */
  readonly params: Expr
  /** All must hold, outermost first. */
  readonly when: readonly Expr[]
  readonly loop?: Loop
  readonly register?: string
  readonly changedWhen?: readonly Expr[]
  readonly failedWhen?: readonly Expr[]
  readonly until?: { readonly conditions: readonly Expr[]; readonly retries?: Expr; readonly delay?: Expr }
  readonly notify: readonly Expr[]
  /** Handlers only: topics they answer to beside their name. */
  readonly listen?: readonly string[]
  readonly delegateTo?: Expr
  readonly delegateFacts?: Expr
  readonly runOnce?: Expr
  readonly become: Become
  /** Outermost first; the innermost wins. Each is a dict. */
  readonly environment: readonly Expr[]
  /** Task, block, role and include variables, with their ranks. */
  readonly vars: readonly Layer[]
  readonly ignoreErrors?: Expr
  readonly ignoreUnreachable?: Expr
  readonly anyErrorsFatal?: Expr
  readonly noLog?: Expr
  readonly checkMode?: Expr
  readonly diff?: Expr
  readonly throttle?: Expr
  /** Seconds. */
  readonly timeout?: Expr
  readonly async?: { readonly seconds: Expr; readonly poll: Expr }
  readonly connection?: Expr
  readonly remoteUser?: Expr
  readonly tags: readonly string[]
  /** A role's own words for its steps' failures; asked before the module's. */
  readonly messages?: Messages
}

export interface Block {
  readonly kind: 'block'
  readonly name: string | undefined
  /** The YAML role whose tasks these are, for `meta: end_role`. */
  readonly role?: string
  /** Passed over on a host on which steps of the role, used the same way, ran in this play (`Origin`). */
  readonly unlessRan?: string
  readonly source: Source
  readonly body: readonly Node[]
  readonly rescue: readonly Node[]
  readonly always: readonly Node[]
}

/** A TypeScript role at its place: its steps are asked for when a host's turn (or its read-ahead) comes there. */
export interface RoleUse {
  readonly kind: 'role'
  readonly source: Source
  readonly role: Role<never>
  /** What its steps inherit: when, become, tags, environment, vars, origin. `module` and `params` are not used. */
  readonly inherits: Step
  /** Passed over as a block of a YAML role is. */
  readonly unlessRan?: string
  /** Parameters given at the place of use: they win over variables. */
  readonly given: Layer
}

/** A role as a play names it, and all that it depends on. */
export interface RoleNames {
  readonly name: string
  readonly dependencies: readonly string[]
}

export type Strategy = 'linear' | 'free' | 'host_pinned'

export interface Play {
  readonly name: string
  readonly source: Source
  /** A host pattern; may hold templates of extra vars. */
  readonly hosts: Expr
  readonly order: 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle'
  readonly strategy: Strategy
  readonly gatherFacts: boolean
  /** What `setup` is told then. */
  readonly gathering?: Expr
  /** Batch sizes: numbers or percentages; the last repeats. Empty: all at once. */
  readonly serial: readonly Expr[]
  readonly maxFailPercentage?: Expr
  readonly anyErrorsFatal?: Expr
  readonly forceHandlers: boolean
  /** Play vars, vars_files, prompts. Files whose names need host variables come with their names as templates. */
  readonly vars: readonly Layer[]
  readonly varsFiles: readonly { readonly names: readonly Expr[]; readonly source: Source }[]
  readonly prompts: readonly {
    readonly name: string
    readonly prompt: string
    readonly private: boolean
    readonly default?: string
  }[]
  /** pre_tasks, roles, tasks, post_tasks in order, with `meta: flush_handlers` between them. */
  readonly body: readonly Node[]
  /** Roles that the play names, those of imports included. */
  readonly roles: readonly RoleNames[]
  /** All handlers in sight, those of roles included, in the order in which they run. */
  readonly handlers: readonly Step[]
  readonly origin: Origin
  /** Play keywords that its own steps inherit, for those that the engine makes (gathering facts). */
  readonly inherits: Step
}

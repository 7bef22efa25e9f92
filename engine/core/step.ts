import type { Expr } from './expr.js'
import type { Messages } from './messages.js'
import type { Role } from './role.js'
import type { Source } from './source.js'
import type { Layer } from './vars.js'

/** What YAML and roles compile to. */
export type Node = Step | Block | RoleUse

/** Where a step is written: for finding its files, and for its role's variables. */
export interface Origin {
  /** The folder of the playbook. */
  readonly playDir: string
  /** The folder of the file that contains the step. */
  readonly dir: string
  readonly role?: {
    readonly name: string
    readonly path: string
    readonly parents: readonly string[]
    /** Role and parameters as one key: equal for two uses of the role with equal parameters. */
    readonly use?: string
  }
}

/** The become keywords of a step, evaluated with the host's variables. */
export interface Become {
  readonly become?: Expr
  readonly user?: Expr
  readonly method?: Expr
  readonly flags?: Expr
}

export interface Loop {
  readonly items: Expr
  /** `item`, or the name in `loop_control`. */
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

/** One task. It already contains the keywords of its blocks, role, include and play (when, become, tags, environment, vars). */
export interface Step {
  readonly kind: 'step'
  /** The position in the playbook and the name; the same in each run. */
  readonly id: string
  /** Undefined where the task has no name: reports show the module's name. */
  readonly name: Expr | undefined
  readonly source: Source
  readonly origin: Origin
  readonly module: string
  /** A dict of the module's parameters. */
  readonly params: Expr
  /** All conditions must be true; the outermost comes first. */
  readonly when: readonly Expr[]
  readonly loop?: Loop
  readonly register?: string
  readonly changedWhen?: readonly Expr[]
  readonly failedWhen?: readonly Expr[]
  readonly until?: { readonly conditions: readonly Expr[]; readonly retries?: Expr; readonly delay?: Expr }
  readonly notify: readonly Expr[]
  /** For handlers: topics that notify the handler, in addition to its name. */
  readonly listen?: readonly string[]
  readonly delegateTo?: Expr
  readonly delegateFacts?: Expr
  readonly runOnce?: Expr
  readonly become: Become
  /** Dicts, the outermost first; the innermost wins. */
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
  /** The messages of the step's role; they win over those of the module. */
  readonly messages?: Messages
}

export interface Block {
  readonly kind: 'block'
  readonly name: string | undefined
  /** Set where the block holds the tasks of a YAML role: its name, for `meta: end_role`. */
  readonly role?: string
  /** `Origin.role.use`: a host skips the block where it already ran the role with the same parameters in this play. */
  readonly unlessRan?: string
  readonly source: Source
  readonly body: readonly Node[]
  readonly rescue: readonly Node[]
  readonly always: readonly Node[]
}

/** The use of a TypeScript role. Its steps are computed when a host (or its read-ahead) gets there. */
export interface RoleUse {
  readonly kind: 'role'
  readonly source: Source
  readonly role: Role<never>
  /** The keywords that its steps inherit: when, become, tags, environment, vars, origin. `module` and `params` are not used. */
  readonly inherits: Step
  /** As in `Block`. */
  readonly unlessRan?: string
  /** The parameters written where the role is used. They win over variables. */
  readonly given: Layer
}

/** A role that a play names, with its dependencies. */
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
  /** The parameters of `setup`, where the play sets them. */
  readonly gathering?: Expr
  /** Batch sizes: numbers of hosts or percentages. The last one repeats. Empty: all hosts in one batch. */
  readonly serial: readonly Expr[]
  readonly maxFailPercentage?: Expr
  readonly anyErrorsFatal?: Expr
  readonly forceHandlers: boolean
  /** Variables of the play, and those of `vars_files` whose names need no host variables. */
  readonly vars: readonly Layer[]
  /** `vars_files` whose names need host variables; the first of `names` that exists is read. */
  readonly varsFiles: readonly { readonly names: readonly Expr[]; readonly source: Source }[]
  readonly prompts: readonly {
    readonly name: string
    readonly prompt: string
    readonly private: boolean
    readonly default?: string
  }[]
  /** `pre_tasks`, `roles`, `tasks`, `post_tasks` in this order, with `meta: flush_handlers` between them. */
  readonly body: readonly Node[]
  /** Roles that the play names, also by `import_role`. */
  readonly roles: readonly RoleNames[]
  /** The handlers of the play and of its roles, in the order in which they run. */
  readonly handlers: readonly Step[]
  readonly origin: Origin
  /** The play's keywords, for the steps that the engine adds (gathering facts). */
  readonly inherits: Step
}

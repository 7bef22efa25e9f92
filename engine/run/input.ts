import type { Transport } from '../core/connection.js'
import type { Event } from '../core/event.js'
import type { Expr } from '../core/expr.js'
import type { Json, JsonSchema } from '../core/json.js'
import type { AnyModule } from '../core/module.js'
import type { Source } from '../core/source.js'
import type { Node, Play, RoleNames, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Binding, Layer } from '../core/vars.js'

/** An answer to `--step`: run this task, skip it, or stop asking. */
export type Answer = 'yes' | 'no' | 'continue'

/** The part of the inventory that a run needs. */
export interface Hosts {
  /** In inventory order. */
  readonly names: readonly string[]
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** The variables of a host, group_vars and host_vars of the playbook included. */
  layersOf(host: string): readonly Layer[]
  groupsOf(host: string): readonly string[]
  /** @throws ConfigError for an unknown name */
  select(pattern: string, source?: Source): readonly string[]
  /** The hosts of a play's pattern; an unknown name selects none. */
  selectForPlay(pattern: string, source?: Source): readonly string[]
  readonly file: string | undefined
  /** The values of `-i`; paths are absolute. */
  readonly sources: readonly string[]
}

/** The part of the playbook loader that a run needs, for includes and files whose names are known only then. */
export interface Loader {
  includeTasks(step: Step, file: string, layers: readonly Layer[], apply?: Value): Promise<readonly Node[]>
  includeRole(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]>
  varsFile(names: readonly string[], from: Source): Promise<Layer>
  /** The handlers that an include brought with its tasks. */
  handlersOf(nodes: readonly Node[]): readonly Step[]
  /** Variables of public roles among the nodes, which the rest of the play sees. */
  exposedBy(nodes: readonly Node[]): readonly Layer[]
  /** The roles among the nodes. */
  rolesOf(nodes: readonly Node[]): readonly RoleNames[]
  includeVars(step: Step, params: ReadonlyMap<string, Value>): Promise<Layer>
}

/** The part of the template engine that a run needs. */
export interface Templates {
  /** The expression of a variable; its members are evaluated lazily. */
  variable(binding: Binding): Expr
  /** The expression of a nested value, evaluated as a whole. */
  tree(value: Value): Expr
  expression(text: string, source?: Source): Expr
  condition(text: string | boolean, source?: Source): Expr
  file(
    text: string,
    file: string,
    options: { readonly trimBlocks?: boolean; readonly lstripBlocks?: boolean; readonly newline?: string },
  ): Expr
  readonly omit: Value
  /** A time as `now()` returns it; by default the start of the run. */
  moment(ms?: number): Value
}

export type CheckParams = (
  schema: JsonSchema,
  params: Json,
  at: { readonly module: string; readonly source: Source },
) => Json

export interface RunInput {
  readonly playbooks: readonly string[]
  readonly plays: readonly Play[]
  readonly hosts: Hosts
  readonly limit?: string
  readonly modules: ReadonlyMap<string, AnyModule>
  readonly loader: Loader
  readonly templates: Templates
  readonly checkParams: CheckParams
  readonly transport: Transport
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  /** -e, and the answers to vars_prompt. */
  readonly extra: Layer
  /** Connection flags, as a layer of lowest precedence (`-u`, `--private-key`), or of highest where a flag must win. */
  readonly settings: readonly Layer[]
  readonly tags: { readonly only: readonly string[]; readonly skip: readonly string[] }
  readonly selects: (tags: readonly string[]) => boolean
  readonly startAt?: string
  /** --step: asks whether to run a task. */
  readonly confirm?: (task: string) => Promise<Answer>
  /**
   * Asks the user, one question at a time; undefined where nobody can answer. @throws TkplayError 'interrupted' at
   * Ctrl-C
   */
  readonly ask?: (question: string, options: { readonly secret: boolean }) => Promise<string>
  readonly forceHandlers: boolean
  /**
   * Whether the first batch on a host also reads what an earlier run left (units at work, handlers that never ran).
   * False for ad-hoc commands.
   */
  readonly recoverFirst: boolean
  readonly verbosity: number
  emit(event: Event): void
  /** The first interrupt: no new step is started. */
  readonly stopping: AbortSignal
  /** The second interrupt: running jobs are ended. */
  readonly abort: AbortSignal
}

import type { Transport } from '../core/connection.js'
import type { Event } from '../core/event.js'
import type { Expr } from '../core/expr.js'
import type { Json, JsonSchema } from '../core/json.js'
import type { AnyModule } from '../core/module.js'
import type { Source } from '../core/source.js'
import type { Node, Play, RoleNames, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Binding, Layer } from '../core/vars.js'

/** What the user says to `--step`: run this task, pass over it, or ask no more. */
export type Answer = 'yes' | 'no' | 'continue'

/** What a run needs of the inventory. */
export interface Hosts {
  /** In the inventory's order. */
  readonly names: readonly string[]
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Its variables, the playbook's group_vars and host_vars included. */
  layersOf(host: string): readonly Layer[]
  groupsOf(host: string): readonly string[]
  /** @throws ConfigError for an unknown name */
  select(pattern: string, source?: Source): readonly string[]
  /** The same for the pattern of a play, for which an unknown name is nobody. */
  selectForPlay(pattern: string, source?: Source): readonly string[]
  readonly file: string | undefined
  /** As `-i` gives them, paths absolute. */
  readonly sources: readonly string[]
}

/** What a run needs of the playbook loader, for what is known only on its way. */
export interface Loader {
  includeTasks(step: Step, file: string, layers: readonly Layer[], apply?: Value): Promise<readonly Node[]>
  includeRole(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]>
  varsFile(names: readonly string[], from: Source): Promise<Layer>
  /** Handlers that an include brought with its tasks. */
  handlersOf(nodes: readonly Node[]): readonly Step[]
  /** Variables of the roles among them that are public, which the rest of the play sees. */
  exposedBy(nodes: readonly Node[]): readonly Layer[]
  /** The roles among them. */
  rolesOf(nodes: readonly Node[]): readonly RoleNames[]
  includeVars(step: Step, params: ReadonlyMap<string, Value>): Promise<Layer>
}

/** What a run needs of the template engine. */
export interface Templates {
  /** A variable's raw value: lazy inside. */
  variable(binding: Binding): Expr
  /** A nested value, eager. */
  tree(value: Value): Expr
  expression(text: string, source?: Source): Expr
  condition(text: string | boolean, source?: Source): Expr
  file(
    text: string,
    file: string,
    options: { readonly trimBlocks?: boolean; readonly lstripBlocks?: boolean; readonly newline?: string },
  ): Expr
  readonly omit: Value
  /** A point in time as `now()` gives it, here; without `ms` the one at which the run began. */
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
  /** -e, and answers to vars_prompt. */
  readonly extra: Layer
  /** Connection flags: the lowest layer (`-u`, `--private-key`), or the highest where a flag must win. */
  readonly settings: readonly Layer[]
  readonly tags: { readonly only: readonly string[]; readonly skip: readonly string[] }
  readonly selects: (tags: readonly string[]) => boolean
  readonly startAt?: string
  /** --step: whether to carry out a task. */
  readonly confirm?: (task: string) => Promise<Answer>
  /** Asks the user, one question after the other; undefined where nobody is there to answer. @throws TkplayError interrupted at Ctrl-C */
  readonly ask?: (question: string, options: { readonly secret: boolean }) => Promise<string>
  readonly forceHandlers: boolean
  /** Whether a host is asked first what an earlier run left on it (applies at work, handlers that never ran): not by an ad hoc command. */
  readonly recoverFirst: boolean
  readonly verbosity: number
  emit(event: Event): void
  /** The first interrupt: no new step starts. */
  readonly stopping: AbortSignal
  /** The second one, or the end of patience: what runs is ended. */
  readonly abort: AbortSignal
}

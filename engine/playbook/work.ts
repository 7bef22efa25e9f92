import { resolve } from 'node:path'
import { sourceAt } from '../config/yaml/yaml.js'
import { constant, type Expr, ExpressionError } from '../core/expr.js'
import type { AnyModule } from '../core/module.js'
import type { Source } from '../core/source.js'
import type { Become, Origin, Step } from '../core/step.js'
import type { Dict, Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import {
  compileCondition,
  compileExpression,
  compileTemplate,
  compileTree,
  type TemplateEnv,
  type TemplateExpr,
} from '../template/index.js'
import { Compilation } from './compilation.js'
import { Notices } from './plays/notices.js'
import { Problems } from './problems/problems.js'
import { QuietParts } from './problems/quiet.js'

/** Step properties that a play, role or block hands down and the innermost decides. */
export type Handed = Pick<
  Step,
  | 'ignoreErrors'
  | 'ignoreUnreachable'
  | 'anyErrorsFatal'
  | 'noLog'
  | 'checkMode'
  | 'diff'
  | 'throttle'
  | 'timeout'
  | 'connection'
  | 'remoteUser'
  | 'runOnce'
  | 'delegateTo'
  | 'delegateFacts'
>

/** What surrounds a task: everything that it inherits. */
export interface Context {
  /** Begins the ids of the steps inside: by which includes one came here. */
  readonly id: string
  readonly origin: Origin
  readonly when: readonly Expr[]
  readonly tags: readonly string[]
  readonly become: Become
  readonly environment: readonly Expr[]
  readonly vars: readonly Layer[]
  readonly notify: readonly Expr[]
  readonly moduleDefaults: ReadonlyMap<string, Dict>
  readonly handed: Handed
  /** Handlers may listen. */
  readonly handlers: boolean
  /** A failure inside is taken up by a rescue, or it stands in a dynamic include: nothing in here is certain to end the play. */
  readonly guarded: boolean
  /** In an include that is looked at before the run: it is compiled again at its turn, with the loop's item. */
  readonly again?: true
  /** The dynamic includes that led here, outermost first. */
  readonly includes: readonly Source[]
  /** The files of tasks that led here by imports, since the last dynamic include. */
  readonly imports: readonly string[]
  /** Variables that are known at load: the play's and the command line's. */
  readonly playVars: readonly Layer[]
  /** Of which play, or include, this is a part. */
  readonly into: Compilation
}

export const emptyContext = (origin: Origin): Context => ({
  id: '',
  origin,
  when: [],
  tags: [],
  become: {},
  environment: [],
  vars: [],
  notify: [],
  moduleDefaults: new Map(),
  handed: {},
  handlers: false,
  guarded: false,
  includes: [],
  imports: [],
  playVars: [],
  into: new Compilation(),
})

/** An expression that a step evaluates, for finding names that nothing defines. */
export interface Use {
  readonly expr: TemplateExpr
  /** It cannot but be evaluated. */
  readonly certain: boolean
  /** Names that the conditions before it mention: where they are undefined it is not asked for. */
  readonly guards: ReadonlySet<string>
}

/** What all parts of the compiler share. */
export class Work {
  problems = new Problems()
  readonly quiet = new QuietParts()
  /** Names that something in the plays defines. */
  readonly names = new Set<string>()
  readonly tags = new Set<string>()
  /** Names that files of templates ask for. */
  readonly mentioned = new Set<string>()
  /** Whether tasks may come that cannot be told before running. */
  hidden = false
  readonly uses: Use[] = []
  /** From this one of the uses on, names may be defined that cannot be told before running. */
  open = Number.POSITIVE_INFINITY
  /** Of the play at hand. */
  notices = new Notices()
  #playUses = 0
  /** Whether the play, or the role at hand, may have ended before. */
  mayEnd: 'play' | 'role' | undefined
  /** Files being included, for finding circles. */
  readonly including: string[] = []

  constructor(
    readonly modules: ReadonlyMap<string, AnyModule>,
    readonly env: TemplateEnv,
    readonly extra: Layer | undefined,
    /** Whether what has these tags is chosen. */
    readonly selects: (tags: readonly string[]) => boolean,
  ) {
    for (const name of extra?.bindings.keys() ?? []) this.names.add(name)
  }

  beginPlay(): void {
    this.notices = new Notices()
    this.#playUses = this.uses.length
    this.mayEnd = undefined
  }

  /** What comes after such a `meta` may not be reached. */
  meetMeta(action: unknown): void {
    if (action === 'end_role') this.mayEnd ??= 'role'
    else if (['end_play', 'end_batch', 'end_host'].includes(String(action))) this.mayEnd = 'play'
  }

  /** Keeps quiet of a task, block or play that says no_log, or that lies in one. */
  noteQuiet({ handed }: Pick<Context, 'handed'>, dict: Dict): void {
    const own = dict.get('no_log')
    if (own === undefined ? handed.noLog !== undefined : own !== false) this.quiet.add(dict)
  }

  /** Something defines names that cannot be told: for what comes after it, and from a handler, which may be flushed early, for its whole play. */
  mayDefine({ handlers }: { readonly handlers: boolean }): void {
    this.open = Math.min(this.open, handlers ? this.#playUses : this.uses.length)
  }

  /** Something brings tasks that cannot be told, with names, tags and handlers of their own. */
  mayBring(context: { readonly handlers: boolean }): void {
    this.mayDefine(context)
    this.hidden = true
    this.notices.hidden = true
  }

  template(text: string, source: Source | undefined): TemplateExpr {
    return this.#compiled(() => compileTemplate(text, source, this.env))
  }

  expression(text: string, source: Source | undefined): TemplateExpr {
    return this.#compiled(() => compileExpression(text, source, this.env))
  }

  condition(text: string | boolean, source: Source | undefined): TemplateExpr {
    return this.#compiled(() => compileCondition(text, source, this.env))
  }

  tree(value: Value, source: Source | undefined): TemplateExpr {
    return this.#compiled(() => compileTree(value, this.env, source))
  }

  /** Where a value of a tree stands, else where its surroundings do. */
  at(root: unknown, path: readonly (string | number)[], otherwise: Source): Source {
    return sourceAt(root, path) ?? otherwise
  }

  #compiled(compile: () => TemplateExpr): TemplateExpr {
    try {
      return compile()
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      this.problems.take(error)
      return { ...constant(null), required: [], problems: [] }
    }
  }
}

/** Paths as people know them: below the working folder they are relative to it. */
export const shown = (path: string): string => {
  const here = `${process.cwd()}/`
  const full = resolve(path)
  return full.startsWith(here) ? full.slice(here.length) : full
}

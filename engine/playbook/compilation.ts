import { constant, ExpressionError } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { RoleNames, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import {
  compileCondition,
  compileExpression,
  compileTemplate,
  compileTree,
  type TemplateEnv,
  type TemplateExpr,
} from '../template/index.js'
import type { Load } from './load.js'
import { Notifications } from './problems/notifications.js'
import { Problems } from './problems/problems.js'
import { VariableUses } from './variables/variable-uses.js'

/** What comes of compiling one play, or one include, beside its steps. Each has its own, so that two may be compiled at once. */
export class Compilation {
  /** Handlers of roles. */
  readonly handlers: Step[] = []
  /** Variables of roles, which the whole play sees. */
  readonly layers: Layer[] = []
  readonly roles: RoleNames[] = []

  constructor(
    readonly load: Load,
    readonly problems = new Problems(),
    readonly uses = new VariableUses(),
    readonly notifications = new Notifications(),
    /** The index in `uses` at which the play begins. */
    readonly firstUse = uses.all.length,
  ) {}

  /** For a play. Its problems are told together with those of all playbooks. */
  forPlay(): Compilation {
    return new Compilation(this.load, this.problems, this.uses)
  }

  /** For an include that is compiled before its turn, to find mistakes: a part of the play, with problems of its own. What it brings is dropped. */
  forPreview(): Compilation {
    return new Compilation(this.load, new Problems(), this.uses, this.notifications, this.firstUse)
  }

  expose(defaults: readonly Layer[], vars: readonly Layer[]): void {
    this.layers.push(...[...defaults, ...vars].filter(layer => layer.bindings.size > 0))
  }

  /**
   * Notes that names may be defined which are not known before the run: for the steps after this point, or for the whole play where a
   * handler defines them, since handlers may be flushed early.
   */
  mayDefine({ handlers }: { readonly handlers: boolean }): void {
    this.uses.openFrom(handlers ? this.firstUse : this.uses.all.length)
  }

  /** Notes that tasks may come which are not known before the run, with names, tags and handlers of their own. */
  mayBring(context: { readonly handlers: boolean }): void {
    this.mayDefine(context)
    this.load.noteUnknownTags()
    this.notifications.noteUnknownHandlers()
  }

  template(text: string, source: Source | undefined): TemplateExpr {
    return this.#compiled(env => compileTemplate(text, source, env))
  }

  expression(text: string, source: Source | undefined): TemplateExpr {
    return this.#compiled(env => compileExpression(text, source, env))
  }

  condition(text: string | boolean, source: Source | undefined): TemplateExpr {
    return this.#compiled(env => compileCondition(text, source, env))
  }

  tree(value: Value, source: Source | undefined): TemplateExpr {
    return this.#compiled(env => compileTree(value, env, source))
  }

  #compiled(compile: (env: TemplateEnv) => TemplateExpr): TemplateExpr {
    try {
      return compile(this.load.options.templates)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      this.problems.addThrown(error)
      return { ...constant(null), required: [], problems: [] }
    }
  }
}

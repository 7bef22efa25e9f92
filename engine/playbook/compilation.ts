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

/** What comes of compiling one play, or one include, beside its steps. No two that are compiled at once have the same. */
export class Compilation {
  /** Of roles. */
  readonly handlers: Step[] = []
  /** Variables of roles, which the whole play sees. */
  readonly layers: Layer[] = []
  readonly roles: RoleNames[] = []

  constructor(
    readonly load: Load,
    readonly problems = new Problems(),
    readonly uses = new VariableUses(),
    readonly notifications = new Notifications(),
    /** Where those of the play begin. */
    readonly firstUse = uses.all.length,
  ) {}

  /** For a play: what is wrong in it is told with all that is wrong in the playbooks. */
  forPlay(): Compilation {
    return new Compilation(this.load, this.problems, this.uses)
  }

  /** For an include that is looked into before its turn: a part of the play, with problems of its own; what it brings comes at its turn. */
  forPreview(): Compilation {
    return new Compilation(this.load, new Problems(), this.uses, this.notifications, this.firstUse)
  }

  expose(defaults: readonly Layer[], vars: readonly Layer[]): void {
    this.layers.push(...[...defaults, ...vars].filter(layer => layer.bindings.size > 0))
  }

  /** Something defines names that cannot be told: for what comes after it, and from a handler, which may be flushed early, for its whole play. */
  mayDefine({ handlers }: { readonly handlers: boolean }): void {
    this.uses.openFrom(handlers ? this.firstUse : this.uses.all.length)
  }

  /** Something brings tasks that cannot be told, with names, tags and handlers of their own. */
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
      this.problems.take(error)
      return { ...constant(null), required: [], problems: [] }
    }
  }
}

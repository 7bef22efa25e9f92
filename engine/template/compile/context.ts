import { OperationError } from '../../python/kinds.js'
import type { Eval, Exec, Program, TemplateEnv, Unit } from '../contract.js'
import type { Expression, Statement } from '../syntax/nodes.js'

/** Functions that give the same for the same arguments. */
const steady: ReadonlySet<string> = new Set(['range', 'dict', 'namespace', 'cycler', 'joiner', 'omit'])

/**
 * What compiles each kind of part. An expression may hold any other, a statement a whole body, and a body the template of another file: the
 * files of this folder call one another through the context, so that none imports one that imports it.
 */
export interface Grammar {
  expression(node: Expression, context: Context): Eval
  body(statements: readonly Statement[], context: Context): Exec
  /** A file that another one includes. */
  included(unit: Unit, env: TemplateEnv): Exec
}

/** What the compiler learns while it goes through one text. */
export class Context {
  readonly names = new Set<string>()
  readonly required = new Set<string>()
  readonly problems: Program['problems'][number][] = []
  /** Whether it calls something whose answer differs between two evaluations (now, random, lookup). */
  varies = false
  #guards = 0
  #watchers: readonly Set<string>[] = []

  /**
   * @param localNames names that the text itself may set
   * @param dynamic any name may have been set by the template that includes this one
   * @param mutates it mentions a method that changes a list or a dict
   */
  constructor(
    readonly env: TemplateEnv,
    readonly localNames: ReadonlySet<string>,
    readonly dynamic: boolean,
    readonly mutates: boolean,
    readonly grammar: Grammar,
  ) {}

  expression(node: Expression): Eval {
    return this.grammar.expression(node, this)
  }

  body(statements: readonly Statement[]): Exec {
    return this.grammar.body(statements, this)
  }

  mention(name: string): void {
    if (this.env.globals.has(name)) {
      if (!steady.has(name)) this.varies = true
      return
    }
    this.names.add(name)
    if (this.#guards === 0) this.required.add(name)
  }

  /** A name that the text may set itself is used. */
  mentionLocal(name: string): void {
    for (const watcher of this.#watchers) watcher.add(name)
  }

  /** Collects the local names that a part uses. */
  watching<T>(into: Set<string>, compile: () => T): T {
    const before = this.#watchers
    this.#watchers = [...before, into]
    try {
      return compile()
    } finally {
      this.#watchers = before
    }
  }

  /** Compiles a part that may not be evaluated, or whose undefined names are no error. */
  guarded<T>(compile: () => T): T {
    this.#guards++
    try {
      return compile()
    } finally {
      this.#guards--
    }
  }

  /** Notes what is wrong, for `validate`; the evaluation throws it when it gets there. */
  check(find: () => unknown, at: number): void {
    try {
      find()
    } catch (error) {
      if (!(error instanceof OperationError)) throw error
      this.problems.push({ error: error.message, hint: error.hint, at })
    }
  }
}

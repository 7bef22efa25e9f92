import { OperationError } from '../../python/kinds.js'
import type { Eval, Exec, Program, TemplateEnv, Unit } from '../contract.js'
import type { Expression, Statement } from '../syntax/nodes.js'

/** Global functions whose result depends on their arguments only. */
const deterministic: ReadonlySet<string> = new Set(['range', 'dict', 'namespace', 'cycler', 'joiner', 'omit'])

/**
 * The recursive functions of the compiler. An expression contains expressions, a statement bodies, and a body may include another template:
 * the files of this folder call these functions through the context instead of importing the file that imports them.
 */
export interface Grammar {
  expression(node: Expression, context: Context): Eval
  body(statements: readonly Statement[], context: Context): Exec
  /** A template that another one includes. */
  included(unit: Unit, env: TemplateEnv): Exec
}

/** What the compiler collects while it goes through one text. */
export class Context {
  readonly names = new Set<string>()
  readonly required = new Set<string>()
  readonly problems: Program['problems'][number][] = []
  /** Whether the text calls something whose result may differ between two evaluations (now, random, lookup). */
  varies = false
  #guards = 0
  #collectors: readonly Set<string>[] = []

  /**
   * @param localNames names that the text itself may set
   * @param dynamic whether any name may have been set by the template that includes this one
   * @param mutates whether the text mentions a method that changes a list or a dict
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
      if (!deterministic.has(name)) this.varies = true
      return
    }
    this.names.add(name)
    if (this.#guards === 0) this.required.add(name)
  }

  /** Notes the use of a name that the text may set itself. */
  mentionLocal(name: string): void {
    for (const collector of this.#collectors) collector.add(name)
  }

  /** Compiles a part, and collects the local names that it uses. */
  collectingLocals<T>(into: Set<string>, compile: () => T): T {
    const before = this.#collectors
    this.#collectors = [...before, into]
    try {
      return compile()
    } finally {
      this.#collectors = before
    }
  }

  /** Compiles a part in which undefined names are not always an error: it may be left out, or its value replaced. */
  guarded<T>(compile: () => T): T {
    this.#guards++
    try {
      return compile()
    } finally {
      this.#guards--
    }
  }

  /** Notes an error for `validate`; an evaluation throws it only if it comes to that part. */
  check(find: () => unknown, at: number): void {
    try {
      find()
    } catch (error) {
      if (!(error instanceof OperationError)) throw error
      this.problems.push({ error: error.message, hint: error.hint, at })
    }
  }
}

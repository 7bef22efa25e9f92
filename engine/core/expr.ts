import type { Json } from './json.js'
import type { Source } from './source.js'
import { fromJson, type Unknown, type Value } from './value.js'

/** The variables that an expression can see. */
export interface Scope {
  /** The variable's value, evaluated on first use; undefined where the scope has no variable of this name. */
  get(name: string): Value | undefined
  /** The names of all variables, for «did you mean» hints. */
  names(): Iterable<string>
  /**
   * Set while steps are evaluated ahead of their turn: a look-up that has effects, or that may answer differently later, is
   * not called.
   */
  readonly ahead?: boolean
  /** Set where variables may exist that the scope does not know yet: a missing name is then this unknown. */
  readonly open?: Unknown | undefined
}

/** A scope without variables, for constants. */
export const noScope: Scope = { get: () => undefined, names: () => [] }

/** A template, an expression, a tree of them, or a constant, to be evaluated with a host's variables. */
export interface Expr {
  readonly source?: Source
  /** The text as written, for messages. */
  readonly text?: string
  /** The variables that the expression mentions, as far as is known without evaluating it (for `validate`). */
  readonly names: readonly string[]
  /** The value is the same in every scope, so it can be checked before connecting. */
  readonly constant: boolean
  /** @throws ExpressionError for an undefined name, a wrong type, an exceeded budget. An `Unknown` is a value, not an error. */
  evaluate(scope: Scope): Value
}

export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly source: Source | undefined,
    readonly hint?: string,
    /** `is defined`, `default()` and `omit` accept 'undefined' (a missing name), and no other error. */
    readonly code: 'undefined' | 'type' | 'budget' | 'syntax' | 'recursion' | 'lookup' = 'type',
  ) {
    super(message)
  }
}

/** A constant expression, for parameters written in TypeScript. Templates inside its strings are not rendered. */
export const constant = (json: Json, source?: Source): Expr => {
  const value = fromJson(json)
  return { names: [], constant: true, evaluate: () => value, ...(source === undefined ? {} : { source }) }
}

/**
 * An expression written in TypeScript, for a role that reacts to registered results.
 *
 * @param names the variables that `fn` gets, in this order; undefined for one that is not defined
 * @param fn pure. A value that is not known yet (read ahead, dry run) is an `Unknown`; `fn` may return it, or return an
 *   answer that is right whatever the value will be.
 */
export const computed = (names: readonly string[], fn: (values: readonly (Value | undefined)[]) => Value): Expr => ({
  names,
  constant: false,
  evaluate: scope => {
    const values = names.map(name => scope.get(name))
    try {
      return fn(values)
    } catch (error) {
      if (error instanceof ExpressionError || !(error instanceof Error)) throw error
      throw new ExpressionError(
        `computed(${names.join(', ')}) failed: ${error.message}`,
        sourceOf(error),
        'correct what the role computes; a name that is not defined comes as undefined',
      )
    }
  },
})

/** The topmost line of the stack. */
const sourceOf = ({ stack = '' }: Error): Source | undefined => {
  const [, file, line, col] = /^\s+at .*?(\/[^():]+):(\d+):(\d+)\)?$/m.exec(stack) ?? []
  return file === undefined ? undefined : { file, line: Number(line), col: Number(col) }
}

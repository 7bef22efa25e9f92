import type { Json } from './json.js'
import type { Source } from './source.js'
import { fromJson, type Unknown, type Value } from './value.js'

/** The variables that an expression can see. */
export interface Scope {
  /** The variable's value, evaluated on first use; undefined where there is no such variable. */
  get(name: string): Value | undefined
  /** All names in sight, for «did you mean». */
  names(): Iterable<string>
  /** Whether it looks ahead: what has effects, or may answer differently at the step's turn, is not asked for. */
  readonly ahead?: boolean
  /** Why it is not known whether there is a variable that it does not have. */
  readonly open?: Unknown | undefined
}

/** No variables at all: for what is constant. */
export const noScope: Scope = { get: () => undefined, names: () => [] }

/** Something to evaluate on a host's variables: a template, an expression, a tree of them, or a constant. */
export interface Expr {
  readonly source?: Source
  /** The text as written, for messages. */
  readonly text?: string
  /** The variables it mentions, as far as can be told without running it (for `validate`). */
  readonly names: readonly string[]
  /** Whether it is the same for every scope: can be checked before connecting. */
  readonly constant: boolean
  /** @throws ExpressionError for an undefined name, a wrong type, a budget that is used up. An unknown is a value, not an error. */
  evaluate(scope: Scope): Value
}

export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly source: Source | undefined,
    readonly hint?: string,
    /** 'undefined' lets `is defined`, `default()` and `omit` tell a missing name from other errors. */
    readonly code: 'undefined' | 'type' | 'budget' | 'syntax' | 'recursion' | 'lookup' = 'type',
  ) {
    super(message)
  }
}

/** A constant from TypeScript: a role's parameters need no templates. */
export const constant = (json: Json, source?: Source): Expr => {
  const value = fromJson(json)
  return { names: [], constant: true, evaluate: () => value, ...(source === undefined ? {} : { source }) }
}

/**
 * An expression written in TypeScript, for a role that reacts to what was registered.
 * `fn` must be pure. What is not known yet (ahead of time, in a dry run) comes to it as an Unknown: it may give that back, or an answer
 * that holds all the same, such as false for what is to wait until it is known.
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
        placeOf(error),
        'correct what the role computes; a name that is not defined comes as undefined',
      )
    }
  },
})

/** The line that threw. */
const placeOf = ({ stack = '' }: Error): Source | undefined => {
  const [, file, line, col] = /^\s+at .*?(\/[^():]+):(\d+):(\d+)\)?$/m.exec(stack) ?? []
  return file === undefined ? undefined : { file, line: Number(line), col: Number(col) }
}

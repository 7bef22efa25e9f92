import type { Expression } from './nodes.js'
import type { TokenStream } from './token-stream.js'

/**
 * A recursive-descent parser of expressions, as the files of the grammar see it: the tokens, and the rules that are recursive. A file that
 * needs one of these rules calls it here instead of importing the file that imports it.
 */
export interface Parser extends TokenStream {
  expression(): Expression
  /** `a, b` without parentheses is a tuple; one expression alone is itself. */
  tuple(conditions?: boolean): Expression
  /** A name, a constant, or an expression in brackets. */
  primary(): Expression
  /** Runs a recursive rule, to a depth at which the stack does not overflow. @throws TemplateSyntaxError */
  nested<T>(parse: () => T): T
}

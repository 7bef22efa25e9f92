import type { Expression } from './nodes.js'
import type { TokenStream } from './token-stream.js'

/** A recursive descent: the tokens, with those rules of the grammar that other rules hold again. */
export interface Parser extends TokenStream {
  expression(): Expression
  /** `a, b` without parentheses is a tuple; one expression alone is itself. */
  tuple(conditions?: boolean): Expression
  /** A name, a constant, or what stands in brackets. */
  primary(): Expression
  /** Bounds how deep expressions nest: a hostile one must not end the process. */
  nested<T>(parse: () => T): T
}

import type { ExpressionError } from '../core/expr.js'
import type { Value } from '../core/value.js'
import type { Frame } from './runtime/evaluation.js'

/** What one node compiles to. */
export type Eval = (frame: Frame) => Value

/** What a statement compiles to; tells how it ended. */
export type Exec = (frame: Frame, out: Value[]) => Flow
export type Flow = undefined | 'break' | 'continue'

/** A text that was compiled. Knows nothing of where the text stands, so that equal texts share it. */
export interface Program {
  readonly evaluate: Eval
  /** Free variables it mentions. */
  readonly names: readonly string[]
  /** Those of them whose absence is an error whenever it is evaluated: not guarded by default(), `is defined`, if, and, or. */
  readonly required: readonly string[]
  readonly constant: boolean
  /** What is wrong with it though it can be parsed (a filter that does not exist), with offsets. */
  readonly problems: readonly {
    readonly error: ExpressionError['message']
    readonly hint: string | undefined
    readonly at: number
  }[]
}

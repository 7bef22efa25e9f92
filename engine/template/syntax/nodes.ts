import type { Value } from '../../core/value.js'
import type { BinaryOperator } from '../values/arithmetic.js'
import type { Comparison } from '../values/compare.js'

/** `at` is an offset in the template's text, for the line and column of an error. */
interface At {
  readonly at: number
}

export interface Arguments {
  readonly args: readonly Expression[]
  readonly named: readonly { readonly name: string; readonly value: Expression }[]
  /** `*list` */
  readonly rest: Expression | undefined
  /** `**dict` */
  readonly keywords: Expression | undefined
}

export type Expression = At &
  (
    | { readonly kind: 'constant'; readonly value: Value }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
    | {
        readonly kind: 'slice'
        readonly of: Expression
        readonly start: Expression | undefined
        readonly stop: Expression | undefined
        readonly step: Expression | undefined
      }
    | { readonly kind: 'call'; readonly of: Expression; readonly args: Arguments }
    | { readonly kind: 'filter'; readonly of: Expression | undefined; readonly name: string; readonly args: Arguments }
    | {
        readonly kind: 'test'
        readonly of: Expression
        readonly name: string
        readonly args: Arguments
        readonly negated: boolean
      }
    | {
        readonly kind: 'binary'
        readonly op: BinaryOperator | '~'
        readonly left: Expression
        readonly right: Expression
      }
    | { readonly kind: 'unary'; readonly op: '-' | '+' | 'not'; readonly of: Expression }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'compare'
        readonly first: Expression
        readonly rest: readonly { readonly op: Comparison; readonly right: Expression; readonly at: number }[]
      }
    | {
        readonly kind: 'condition'
        readonly test: Expression
        readonly then: Expression
        readonly otherwise: Expression | undefined
      }
  )

export type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

export type Target = At &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'tuple'; readonly items: readonly Target[] }
    | { readonly kind: 'namespace'; readonly name: string; readonly attribute: string }
  )

export interface Parameter {
  readonly name: string
  readonly initial: Expression | undefined
}

export type Statement = At &
  (
    | { readonly kind: 'data'; readonly text: string }
    | { readonly kind: 'output'; readonly of: Expression }
    | {
        readonly kind: 'for'
        readonly target: Target
        readonly of: Expression
        readonly test: Expression | undefined
        readonly recursive: boolean
        readonly body: readonly Statement[]
        readonly otherwise: readonly Statement[]
      }
    | {
        readonly kind: 'if'
        readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]
        readonly otherwise: readonly Statement[]
      }
    | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
    | {
        readonly kind: 'set-block'
        readonly target: Target
        readonly filter: Expression | undefined
        readonly body: readonly Statement[]
      }
    | {
        readonly kind: 'macro'
        readonly name: string
        readonly parameters: readonly Parameter[]
        readonly body: readonly Statement[]
      }
    | {
        readonly kind: 'call-block'
        readonly call: Expression
        readonly parameters: readonly Parameter[]
        readonly body: readonly Statement[]
      }
    | { readonly kind: 'filter-block'; readonly filter: Expression; readonly body: readonly Statement[] }
    | {
        readonly kind: 'with'
        readonly values: readonly { readonly target: Target; readonly value: Expression }[]
        readonly body: readonly Statement[]
      }
    | { readonly kind: 'do'; readonly of: Expression }
    | { readonly kind: 'include'; readonly name: Expression; readonly optional: boolean }
    | { readonly kind: 'import'; readonly name: Expression; readonly as: string }
    | {
        readonly kind: 'from'
        readonly name: Expression
        readonly names: readonly { readonly name: string; readonly as: string }[]
      }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' }
  )

export type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

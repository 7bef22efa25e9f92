import type { Expr, Scope } from '../../core/expr.js'
import { ExpressionError } from '../../core/expr.js'
import { Unknown, type Value } from '../../core/value.js'
import { NoNumber, type NumberKeyword, readNumber } from '../../playbook/keywords/number-keywords.js'
import { omit } from '../../template/index.js'

/** All conditions together, three-valued: one false decides, else one unknown, else true. */
export const allHold = (
  conditions: readonly Expr[],
  scope: Scope,
): { readonly holds: boolean | Unknown; readonly failed?: Expr } => {
  let unknown: Unknown | undefined
  for (const condition of conditions) {
    const value = condition.evaluate(scope)
    if (value instanceof Unknown) unknown ??= value
    else if (!truth(value, condition)) return { holds: false, failed: condition }
  }
  return { holds: unknown ?? true }
}

const truth = (value: Value, condition: Expr): boolean => {
  if (typeof value === 'boolean') return value
  throw new ExpressionError(
    `the condition '${condition.text ?? ''}' is not true or false`,
    condition.source,
    "compare it, or use '| bool'",
  )
}

/** A keyword that is true or false. An unknown counts as `otherwise`. */
export const flag = (expr: Expr | undefined, scope: Scope, otherwise = false): boolean =>
  expr === undefined ? otherwise : saysYes(expr.evaluate(scope), otherwise)

/** A value where true or false is meant, in all of Ansible's words for it. */
export const saysYes = (value: Value | undefined, otherwise = false): boolean => {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return ['yes', 'true', 'on', '1', 'y', 't'].includes(value.toLowerCase())
  if (typeof value === 'number') return value !== 0
  return otherwise
}

/** A keyword that is a number. @throws ExpressionError where its value is none */
export const numeric = (name: NumberKeyword, expr: Expr | undefined, scope: Scope): number | undefined => {
  const value = expr?.evaluate(scope)
  if (value === undefined || value instanceof Unknown) return undefined
  const number = readNumber(name, value)
  if (number instanceof NoNumber) throw new ExpressionError(number.message, expr?.source, number.hint)
  return number
}

/** A keyword that is text. */
export const textOf = (expr: Expr | undefined, scope: Scope): string | Unknown | undefined =>
  asText(expr?.evaluate(scope))

export const asText = (value: Value | undefined): string | Unknown | undefined => {
  if (value instanceof Unknown) return value
  if (value === undefined || value === null || value === omit) return undefined
  return String(value)
}

import type { Expr, Scope } from '../../core/expr.js'
import { ExpressionError } from '../../core/expr.js'
import { Unknown, type Value } from '../../core/value.js'
import { NoNumber, type NumberKeyword, readNumber } from '../../playbook/keywords/number-keywords.js'
import { omit } from '../../template/index.js'

/** All conditions together, in three-valued logic: false if one is false, else unknown if one is unknown, else true. */
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

/** The value of a boolean keyword. An unknown counts as `otherwise`. */
export const flag = (expr: Expr | undefined, scope: Scope, otherwise = false): boolean =>
  expr === undefined ? otherwise : saysYes(expr.evaluate(scope), otherwise)

/** A value as a boolean, with all words that Ansible accepts. */
export const saysYes = (value: Value | undefined, otherwise = false): boolean => {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return ['yes', 'true', 'on', '1', 'y', 't'].includes(value.toLowerCase())
  if (typeof value === 'number') return value !== 0
  return otherwise
}

/**
 * The value of a number keyword; undefined where it is unset or unknown. @throws ExpressionError where it is not a
 * number
 */
export const numeric = (name: NumberKeyword, expr: Expr | undefined, scope: Scope): number | undefined => {
  const value = expr?.evaluate(scope)
  if (value === undefined || value instanceof Unknown) return undefined
  const number = readNumber(name, value)
  if (number instanceof NoNumber) throw new ExpressionError(number.message, expr?.source, number.hint)
  return number
}

/** The value of a text keyword. */
export const textOf = (expr: Expr | undefined, scope: Scope): string | Unknown | undefined =>
  asText(expr?.evaluate(scope))

export const asText = (value: Value | undefined): string | Unknown | undefined => {
  if (value instanceof Unknown) return value
  if (value === undefined || value === null || value === omit) return undefined
  return String(value)
}

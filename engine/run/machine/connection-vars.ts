import { firstDefined } from '../../core/connection-options.js'
import type { Expr } from '../../core/expr.js'
import type { Unknown, Value } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import type { VariableScope } from '../variables/scope.js'

/**
 * How a host is reached, and as whom: Ansible's order. A variable of the host wins over the keyword of a task or play, and that over flags
 * and settings.
 * @param reached variables of the host that does it
 */
export const connectionWord = (
  name: string,
  keyword: Expr | undefined,
  scope: VariableScope,
  reached: VariableScope = scope,
): Value | Unknown | undefined => {
  const anyOf = () => firstDefined([name], variable => reached.get(variable))
  // Asked of every step, most of which have no such keyword.
  return keyword === undefined ? anyOf() : (ofHost(reached, name) ?? keyword.evaluate(scope) ?? anyOf())
}

/** As a variable that neither a flag nor a setting gives. */
export const ofHost = (scope: VariableScope, name: string): Value | undefined =>
  firstDefined([name], variable => ((scope.rankOf(variable) ?? 0) > rank.settings ? scope.get(variable) : undefined))

import { firstDefined } from '../../core/connection-options.js'
import type { Expr } from '../../core/expr.js'
import type { Unknown, Value } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import type { VariableScope } from '../variables/scope.js'

/**
 * A connection option, in Ansible's order: a variable of the host wins over the keyword of a task or play, which wins
 * over flags and settings.
 * @param executing variables of the host that executes the step
 */
export const connectionWord = (
  name: string,
  keyword: Expr | undefined,
  scope: VariableScope,
  executing: VariableScope = scope,
): Value | Unknown | undefined => {
  const anyOf = () => firstDefined([name], variable => executing.get(variable))
  // The fast path: most steps have no such keyword.
  return keyword === undefined ? anyOf() : (ofHost(executing, name) ?? keyword.evaluate(scope) ?? anyOf())
}

/** The value of a connection variable, except from flags and settings. */
export const ofHost = (scope: VariableScope, name: string): Value | undefined =>
  firstDefined([name], variable => ((scope.rankOf(variable) ?? 0) > rank.settings ? scope.get(variable) : undefined))

import type { Expr, Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import type { Key, Value } from '../../core/value.js'
import { Undefined } from '../../python/kinds.js'
import type { TemplateEnv } from '../contract.js'
import { undefinedFrom } from '../values/access.js'
import { compileVariable } from './tree.js'

/**
 * Compiles a value from which undefined entries are removed at any depth. A template that is only a variable's name is not evaluated as a
 * template but read from the scope: a template's result with an undefined entry would be an error.
 */
export const withoutUndefined = (value: Value, env: TemplateEnv, source: Source): Expr => {
  const tree = compileVariable(value, env, source)
  const [, variable] = (typeof value === 'string' && /^\{\{\s*([A-Za-z_]\w*)\s*\}\}$/.exec(value)) || []
  const evaluate = (scope: Scope): Value => {
    const found = variable === undefined ? undefined : scope.get(variable)
    return withoutUndefinedIn(found === undefined ? tree.evaluate(scope) : found)
  }
  return { source, text: tree.text ?? '', names: tree.names, constant: tree.constant, evaluate }
}

const withoutUndefinedIn = (value: Value): Value => {
  if (Array.isArray(value)) return value.filter(isDefined).map(withoutUndefinedIn)
  if (!(value instanceof Map)) return value
  const kept = new Map<Key, Value>()
  for (const key of value.keys()) {
    const one = member(value, key)
    if (isDefined(one)) kept.set(key, withoutUndefinedIn(one))
  }
  return kept
}

const isDefined = (value: Value): boolean => !((value as unknown) instanceof Undefined)

const member = (dict: ReadonlyMap<Key, Value>, key: Key): Value => {
  try {
    return dict.get(key) ?? null
  } catch (error) {
    return undefinedFrom(error, String(key))
  }
}

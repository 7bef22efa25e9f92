import type { Expr, Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import type { Key, Value } from '../../core/value.js'
import { Undefined } from '../../python/kinds.js'
import type { TemplateEnv } from '../contract.js'
import { undefinedFrom } from '../values/access.js'
import { compileVariable } from './tree.js'

/** A tree without its undefined entries, however deep. A bare variable is taken as it stands: as a result it could hold none. */
export const withoutUndefined = (value: Value, env: TemplateEnv, source: Source): Expr => {
  const tree = compileVariable(value, env, source)
  const [, bare] = (typeof value === 'string' && /^\{\{\s*([A-Za-z_]\w*)\s*\}\}$/.exec(value)) || []
  const evaluate = (scope: Scope): Value => {
    const found = bare === undefined ? undefined : scope.get(bare)
    return pruned(found === undefined ? tree.evaluate(scope) : found)
  }
  return { source, text: tree.text ?? '', names: tree.names, constant: tree.constant, evaluate }
}

const pruned = (value: Value): Value => {
  if (Array.isArray(value)) return value.filter(isThere).map(pruned)
  if (!(value instanceof Map)) return value
  const kept = new Map<Key, Value>()
  for (const key of value.keys()) {
    const one = member(value, key)
    if (isThere(one)) kept.set(key, pruned(one))
  }
  return kept
}

const isThere = (value: Value): boolean => !((value as unknown) instanceof Undefined)

const member = (dict: ReadonlyMap<Key, Value>, key: Key): Value => {
  try {
    return dict.get(key) ?? null
  } catch (error) {
    return undefinedFrom(error, String(key))
  }
}

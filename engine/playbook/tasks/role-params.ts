import { sourceOf } from '../../config/yaml/yaml.js'
import { noScope } from '../../core/expr.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import type { RoleCall } from '../compiler.js'
import type { Context } from '../context.js'
import { staticValue } from '../variables/variables.js'
import type { Call } from './module-call.js'

/** The values of a call's parameters; undefined where a host has to be known. */
export const knownParams = (context: Context, call: Call): ReadonlyMap<string, Value> | undefined => {
  const value = call.expr.constant ? call.expr.evaluate(noScope) : staticValue(context, call.expr)
  if (!isDict(value)) return undefined
  return new Map([...value].map(([key, one]) => [String(key), one]))
}

/** The role that `include_role` or `import_role` names. */
export const roleCallOf = (dict: Dict, values: ReadonlyMap<string, Value>, source: Source): RoleCall => {
  const text = (key: string): string | undefined => {
    const value = values.get(key)
    return value === undefined || value === null ? undefined : String(value).replace(/\.(?:yml|yaml|json)$/, '')
  }
  return {
    name: String(values.get('name') ?? ''),
    source: sourceOf(dict, 'name') ?? source,
    keywords: [],
    params: emptyParams,
    written: dict,
    from: omitUndefined({
      tasks: text('tasks_from'),
      vars: text('vars_from'),
      defaults: text('defaults_from'),
      handlers: text('handlers_from'),
    }),
  }
}

export const emptyParams: Layer = { rank: rank.roleParams, name: 'role parameters', bindings: new Map() }

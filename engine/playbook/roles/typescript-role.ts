import { didYouMean } from '../../config/did-you-mean.js'
import { checkParams } from '../../config/schema/check-params.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import type { RoleUse } from '../../core/step.js'
import { fromJson } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { toJson } from '../../python/to-json.js'
import type { RoleCall } from '../compiler.js'
import type { Context } from '../context.js'
import { hasTemplate } from '../entry.js'
import { isCertain } from '../problems/certainty.js'
import { baseStep } from '../tasks/base-step.js'
import { loadRole } from './load-role.js'
import type { CompiledRole } from './role-use.js'

/**
 * A role in TypeScript: each host's run asks it for its steps.
 * @param file its code
 * @param unlessRan passed over on a host where this use ran
 */
export const typeScriptRole = async (
  context: Context,
  call: RoleCall,
  file: string,
  unlessRan: string | undefined,
): Promise<CompiledRole> => {
  const { into } = context
  const from = Object.keys(call.from)[0]
  if (from !== undefined) {
    into.problems.add(
      `'${from}_from' for the TypeScript role ${call.name}`,
      call.source,
      'it has no such files: give it parameters instead',
    )
  }
  try {
    const role = await loadRole(file)
    const schema = role.params
    checkParameters(context, call, schema)
    const defaults = schemaDefaults(call.name, schema)
    context.into.expose([defaults], [])
    for (const name of propertiesOf(schema)) into.load.names.add(name)
    const use: RoleUse = {
      kind: 'role',
      source: call.source,
      role,
      ...(unlessRan === undefined ? {} : { unlessRan }),
      inherits: baseStep(context, call.source),
      given: call.params,
    }
    // Later steps may use what its steps register.
    into.mayBring(context)
    return { name: call.name, dependencies: [], nodes: [use], exports: [defaults] }
  } catch (error) {
    into.problems.addThrown(error)
    return { name: call.name, dependencies: [], nodes: [], exports: [] }
  }
}

const propertiesOf = (schema: JsonSchema): readonly string[] =>
  Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {})

/** Parameters given beside the role, as far as they hold no templates; all others come from the host's variables. */
const checkParameters = (context: Context, { name, params }: RoleCall, schema: JsonSchema): void => {
  const { into } = context
  const certain = isCertain(context)
  const names = propertiesOf(schema)
  for (const [param, { source }] of params.bindings) {
    if (names.includes(param)) continue
    into.problems.addTaskFailure(
      'parameter',
      certain,
      `role ${name}: unknown parameter '${param}'`,
      source,
      didYouMean(param, names) ?? `parameters are ${[...names].sort().join(', ')}`,
    )
  }
  const own = [...params.bindings].filter(([param, { value }]) => names.includes(param) && !hasTemplate(value))
  const fixed = Object.fromEntries(own.map(([param, { value }]): [string, Json] => [param, toJson(value)]))
  const later = new Set(names.filter(one => !(one in fixed)))
  const at = (path: readonly (string | number)[]): Source | undefined => params.bindings.get(String(path[0]))?.source
  try {
    checkParams(schema, fixed, { sourceOf: at }, { of: `role ${name}`, later, literal: false })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    into.problems.addThrown(error, certain ? 'errors' : 'warnings')
  }
}

/** A schema's defaults are the lowest layer: tasks beside the role see them too. */
const schemaDefaults = (role: string, schema: JsonSchema): Layer => {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {}
  const bindings = Object.entries(properties).flatMap(([name, property]): [string, Binding][] =>
    isJsonObject(property) && property['default'] !== undefined
      ? [[name, { value: fromJson(property['default']), data: true }]]
      : [],
  )
  return { rank: rank.roleDefaults, name: `defaults of role ${role}`, bindings: new Map(bindings) }
}

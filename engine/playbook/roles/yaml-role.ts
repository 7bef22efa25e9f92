import type { Node } from '../../core/step.js'
import type { Compiler, RoleCall } from '../compiler.js'
import type { Context } from '../context.js'
import type { FoundRole } from './find-role.js'
import type { CompiledRole } from './role-use.js'
import { type Meta, type RoleVariables, roleHandlers, roleTasks } from './yaml-role-files.js'

/** A role in YAML: its tasks as one block, after those of the roles that it depends on. */
export const yamlRole = async (
  compiler: Compiler,
  context: Context,
  call: RoleCall,
  role: {
    readonly found: FoundRole
    readonly meta: Meta
    readonly variables: RoleVariables
    readonly dependencies: readonly CompiledRole[]
    /** Passed over on a host where this use ran. */
    readonly unlessRan: string | undefined
    readonly isPublic: boolean
  },
): Promise<CompiledRole> => {
  const { found, meta, dependencies, unlessRan } = role
  const { defaults, vars } = role.variables
  // Its own win over those of its dependencies.
  if (role.isPublic) context.into.expose(defaults, vars)
  const exported = dependencies.flatMap(one => one.exports)
  const inner: Context = { ...context, vars: [...context.vars, ...exported, ...defaults, ...vars, call.params] }
  context.into.handlers.push(...(await roleHandlers(compiler, inner, found, call.from)))
  const own = { ...inner, possibleEnd: inner.possibleEnd.ofRole() }
  const block: Node = {
    kind: 'block',
    name: undefined,
    role: found.name,
    ...(unlessRan === undefined ? {} : { unlessRan }),
    source: call.source,
    body: await roleTasks(compiler, own, found, meta, call.from, call.source),
    rescue: [],
    always: [],
  }
  return {
    name: found.name,
    dependencies: [...new Set(dependencies.flatMap(one => [...one.dependencies, one.name]))],
    nodes: [...dependencies.flatMap(one => one.nodes), block],
    exports: [...exported, ...defaults, ...vars],
  }
}

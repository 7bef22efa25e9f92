import type { Source } from '../../core/source.js'
import type { Node } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import { isTemplate } from '../../template/index.js'
import type { Compiler, RoleCall, RoleOptions } from '../compiler.js'
import type { Context } from '../context.js'
import { applyKeywords } from '../keywords/keywords.js'
import { staticValue } from '../variables/variables.js'
import { collectionFolders, collectionOf, type FoundRole, findRole, roleFolders } from './find-role.js'
import { missingRole } from './missing-role.js'
import { type CompiledRole, roleEntry } from './role-use.js'
import { typeScriptRole } from './typescript-role.js'
import { yamlRole } from './yaml-role.js'
import { readRoleVariables, roleMeta } from './yaml-role-files.js'

/** A role where it is used: what it depends on, then its own tasks. */
export const compileRole = async (
  compiler: Compiler,
  outer: Context,
  call: RoleCall,
  options: RoleOptions,
): Promise<readonly Node[]> => {
  const role = await compileUse(compiler, outer, call, options)
  if (role === undefined) return []
  outer.into.roles.push({ name: role.name, dependencies: role.dependencies })
  return role.nodes
}

const compileUse = async (
  compiler: Compiler,
  outer: Context,
  call: RoleCall,
  options: RoleOptions,
): Promise<CompiledRole | undefined> => {
  const name = staticName(outer, call)
  if (name === undefined) return undefined
  const { found, looked } = locate(outer, name)
  if (found === undefined) {
    const within = applyKeywords(outer, call.keywords, 'role')
    const nodes = missingRole(within, name, call.source, { looked, isIncluded: options.included === true })
    return { name, dependencies: [], nodes, exports: [] }
  }
  const { role } = outer.origin
  const chain = role === undefined ? [] : [...role.parents, role.name]
  if (isCircle(chain, found.name, options)) {
    outer.into.problems.add(
      `roles depend on each other in a circle: ${[...chain, found.name].join(' > ')}`,
      call.source,
      'take one of the dependencies out',
    )
    return undefined
  }
  const context = roleContext(outer, call, found, chain)
  const use = useOf(call, found.path)
  if (found.code !== undefined)
    return typeScriptRole(context, call, found.code, options.once === false ? undefined : use)
  const meta = await roleMeta(compiler, context, found)
  const variables = await readRoleVariables(context, found, call.from)
  const inner = { ...context, vars: [...context.vars, ...variables.defaults, ...variables.vars, call.params] }
  const dependencies = await compileDependencies(compiler, inner, meta, options)
  const unlessRan = options.once === false || meta.allowDuplicates ? undefined : use
  return yamlRole(compiler, context, call, {
    found,
    meta,
    variables,
    dependencies,
    unlessRan,
    isPublic: options.public,
  })
}

/** @param context with the variables of the role that needs them */
const compileDependencies = async (
  compiler: Compiler,
  context: Context,
  { dependencies, source }: { readonly dependencies: readonly Value[]; readonly source: Source },
  { public: isPublic, once }: RoleOptions,
): Promise<readonly CompiledRole[]> => {
  const roles: CompiledRole[] = []
  for (const index of dependencies.keys()) {
    const call = roleEntry(context.into, dependencies, index, source)
    if (call === undefined) continue
    const role = await compileUse(compiler, context, call, { public: isPublic, once: once || 'host' })
    if (role !== undefined) roles.push(role)
  }
  return roles
}

/** The role of that name, nearest first, and the folders that were looked in. */
const locate = (
  { into, origin: { playDir, role } }: Context,
  name: string,
): { readonly found: FoundRole | undefined; readonly looked: readonly string[] } => {
  const beside = role === undefined ? undefined : `${role.path}/..`
  const folders = roleFolders(playDir, into.load.options.rolesPath, beside)
  const collections = collectionFolders(playDir, beside)
  const own = role === undefined ? undefined : collectionOf(role.name)
  const found =
    (own === undefined ? undefined : findRole(`${own}.${name}`, [], collections)) ??
    findRole(name, folders, collections)
  return { found, looked: collectionOf(name) === undefined ? folders : collections }
}

/** A role may include one that depends on it: the chain ends at the role that ran already. */
const isCircle = (chain: readonly string[], name: string, { once }: RoleOptions): boolean =>
  once !== false && chain.filter(one => one === name).length > (once === 'play' ? 0 : 1)

/** The name, where it needs no host. */
const staticName = (context: Context, { name, source }: RoleCall): string | undefined => {
  const { into } = context
  const known = isTemplate(name) ? staticValue(context, into.template(name, source)) : name
  if (typeof known === 'string') return known
  into.mayBring({ handlers: true })
  into.problems.add(`the role's name depends on variables of hosts: ${name}`, source, 'use include_role in a task')
  return undefined
}

const roleContext = (
  outer: Context,
  call: RoleCall,
  { name, path }: FoundRole,
  parents: readonly string[],
): Context => {
  const applied = applyKeywords(outer, call.keywords, 'role')
  return {
    ...applied,
    id: `${applied.id}${call.source.file}:${call.source.line}>${name}>`,
    origin: { playDir: outer.origin.playDir, dir: path, role: { name, path, parents, use: useOf(call, path) } },
  }
}

/** Equal for two uses of the same role with the same parameters. */
const useOf = ({ written }: RoleCall, path: string): string => `${path} ${jsonText(toJson(written))}`

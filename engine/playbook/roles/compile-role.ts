import { didYouMean } from '../../config/did-you-mean.js'
import { checkParams } from '../../config/schema/check-params.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import type { Node, RoleNames, RoleUse } from '../../core/step.js'
import { fromJson } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import { isTemplate } from '../../template/index.js'
import type { Compiler, RoleCall, RoleOptions } from '../compiler.js'
import { applyKeywords } from '../keywords/keywords.js'
import { hasTemplate } from '../keywords/shape.js'
import { isSure } from '../problems/certainty.js'
import { baseStep } from '../tasks/base-step.js'
import { staticValue } from '../variables/variables.js'
import type { Context } from '../work.js'
import { collectionFolders, collectionOf, type FoundRole, findRole, roleFolders } from './find-role.js'
import { loadRole } from './load-role.js'
import { missingRole } from './missing-role.js'
import { roleEntry } from './role-use.js'
import { roleHandlers, roleMeta, roleTasks, roleVariables } from './yaml-role.js'

/** A role at its place: what it depends on, then its own tasks. */
export const compileRole = async (
  compiler: Compiler,
  outer: Context,
  call: RoleCall,
  options: RoleOptions,
): Promise<readonly Node[]> => {
  const made = await compileUse(compiler, outer, call, options)
  if (made === undefined) return []
  outer.into.roles.push({ name: made.name, dependencies: made.dependencies })
  return made.nodes
}

interface Made extends RoleNames {
  readonly nodes: readonly Node[]
  /** What a role that depends on it sees, itself no less than what it depends on. */
  readonly exports: readonly Layer[]
}

const compileUse = async (
  compiler: Compiler,
  outer: Context,
  call: RoleCall,
  options: RoleOptions,
): Promise<Made | undefined> => {
  const { work } = compiler
  const { playDir, role } = outer.origin
  const name = staticName(compiler, outer, call)
  if (name === undefined) return undefined
  const beside = role === undefined ? undefined : `${role.path}/..`
  const folders = roleFolders(playDir, compiler.rolesPath, beside)
  const collections = collectionFolders(playDir, beside)
  const own = role === undefined ? undefined : collectionOf(role.name)
  const found =
    (own === undefined ? undefined : findRole(`${own}.${name}`, [], collections)) ??
    findRole(name, folders, collections)
  if (found === undefined) {
    const within = applyKeywords(work, outer, call.keywords, 'role')
    const looked = collectionOf(name) === undefined ? folders : collections
    const nodes = missingRole(
      compiler,
      within,
      { name, source: call.source },
      { looked, isIncluded: options.included === true },
    )
    return { name, dependencies: [], nodes, exports: [] }
  }
  const chain = [
    ...(outer.origin.role?.parents ?? []),
    ...(outer.origin.role === undefined ? [] : [outer.origin.role.name]),
  ]
  if (isCircle(chain, found.name, options)) {
    work.problems.add(
      `roles depend on each other in a circle: ${[...chain, found.name].join(' > ')}`,
      call.source,
      'take one of the dependencies out',
    )
    return undefined
  }
  const context = roleContext(compiler, outer, call, found, chain)
  return found.code === undefined
    ? yamlRole(compiler, context, call, found, options)
    : typeScriptRole(compiler, context, call, found.code, { ...options, use: useOf(call, found.path) })
}

/** A role may include one that depends on it: that ends where it ran already. */
const isCircle = (chain: readonly string[], name: string, { once }: RoleOptions): boolean =>
  once !== false && chain.filter(one => one === name).length > (once === 'play' ? 0 : 1)

/** The name where it can be told now. */
const staticName = ({ work }: Compiler, context: Context, { name, source }: RoleCall): string | undefined => {
  const told = isTemplate(name) ? staticValue(work, context, work.template(name, source)) : name
  if (typeof told === 'string') return told
  work.mayBring({ handlers: true })
  work.problems.add(`the role's name depends on variables of hosts: ${name}`, source, 'use include_role in a task')
  return undefined
}

const roleContext = (
  compiler: Compiler,
  outer: Context,
  call: RoleCall,
  { name, path }: FoundRole,
  parents: readonly string[],
): Context => {
  const applied = applyKeywords(compiler.work, outer, call.keywords, 'role')
  return {
    ...applied,
    id: `${applied.id}${call.source.file}:${call.source.line}>${name}>`,
    origin: { playDir: outer.origin.playDir, dir: path, role: { name, path, parents, use: useOf(call, path) } },
  }
}

/** The same role with the same parameters. */
const useOf = ({ written }: RoleCall, path: string): string => `${path} ${jsonText(toJson(written))}`

const yamlRole = async (
  compiler: Compiler,
  context: Context,
  call: RoleCall,
  found: FoundRole,
  options: RoleOptions,
): Promise<Made> => {
  const meta = await roleMeta(compiler, found)
  const once = options.once !== false && !meta.allowDuplicates
  const use = useOf(call, found.path)
  const defaults = await roleVariables(compiler, found, 'defaults', call.from.defaults)
  const vars = await roleVariables(compiler, found, 'vars', call.from.vars)
  const own = [...defaults, ...vars, call.params]
  const below: RoleOptions = { public: options.public, once: options.once || 'host' }
  const needed: Made[] = []
  for (const index of meta.dependencies.keys()) {
    const dependency = roleEntry(compiler.work, meta.dependencies, index, meta.source)
    if (dependency === undefined) continue
    const made = await compileUse(compiler, { ...context, vars: [...context.vars, ...own] }, dependency, below)
    if (made !== undefined) needed.push(made)
  }
  // Its own win over those of its dependencies.
  if (options.public) context.into.expose(defaults, vars)
  const brought = needed.flatMap(made => made.exports)
  const inner: Context = { ...context, vars: [...context.vars, ...brought, ...own] }
  context.into.handlers.push(...(await roleHandlers(compiler, inner, found, call.from)))
  const { mayEnd } = compiler.work
  const body = await roleTasks(compiler, inner, found, meta, call.from, call.source)
  if (compiler.work.mayEnd === 'role') compiler.work.mayEnd = mayEnd
  const block: Node = {
    kind: 'block',
    name: undefined,
    role: found.name,
    ...(once ? { unlessRan: use } : {}),
    source: call.source,
    body,
    rescue: [],
    always: [],
  }
  return {
    name: found.name,
    dependencies: [...new Set(needed.flatMap(made => [...made.dependencies, made.name]))],
    nodes: [...needed.flatMap(made => made.nodes), block],
    exports: [...brought, ...defaults, ...vars],
  }
}

const typeScriptRole = async (
  compiler: Compiler,
  context: Context,
  call: RoleCall,
  file: string,
  { once, use: unlessRan }: RoleOptions & { readonly use: string },
): Promise<Made> => {
  const { work } = compiler
  const from = Object.keys(call.from)[0]
  if (from !== undefined) {
    work.problems.add(
      `'${from}_from' for the TypeScript role ${call.name}`,
      call.source,
      'it has no such files: give it parameters instead',
    )
  }
  try {
    const role = await loadRole(file)
    const schema = role.params
    judgeGiven(compiler, context, call, schema)
    const defaults = schemaDefaults(call.name, schema)
    context.into.expose([defaults], [])
    for (const name of propertiesOf(schema)) work.names.add(name)
    const use: RoleUse = {
      kind: 'role',
      source: call.source,
      role,
      ...(once === false ? {} : { unlessRan }),
      inherits: baseStep(context, call.source),
      given: call.params,
    }
    // What its steps register is theirs, and later steps may use it.
    work.mayBring(context)
    return { name: call.name, dependencies: [], nodes: [use], exports: [defaults] }
  } catch (error) {
    work.problems.take(error)
    return { name: call.name, dependencies: [], nodes: [], exports: [] }
  }
}

const propertiesOf = (schema: JsonSchema): readonly string[] =>
  Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {})

/** Parameters given beside the role, as far as they hold no templates; all others come from the host's variables. */
const judgeGiven = (compiler: Compiler, context: Context, { name, params }: RoleCall, schema: JsonSchema): void => {
  const { work } = compiler
  const certain = isSure(work, context)
  const names = propertiesOf(schema)
  for (const [given, { source }] of params.bindings) {
    if (names.includes(given)) continue
    work.problems.find(
      'parameter',
      certain,
      `role ${name}: unknown parameter '${given}'`,
      source,
      didYouMean(given, names) ?? `parameters are ${[...names].sort().join(', ')}`,
    )
  }
  const own = [...params.bindings].filter(([given, { value }]) => names.includes(given) && !hasTemplate(value))
  const fixed = Object.fromEntries(own.map(([given, { value }]): [string, Json] => [given, toJson(value)]))
  const later = new Set(names.filter(one => !(one in fixed)))
  const at = (path: readonly (string | number)[]): Source | undefined => params.bindings.get(String(path[0]))?.source
  try {
    checkParams(schema, fixed, { sourceOf: at }, { of: `role ${name}`, later, literal: false })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    work.problems.take(error, certain ? 'errors' : 'warnings')
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

import { join } from 'node:path'
import { isFolder, isNamed } from '../../config/files/local-file.js'
import { didYouMeanFile } from '../../config/files/near-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { namesIn } from '../../config/files/text.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { varsLayer } from '../../inventory/vars-files.js'
import type { Compilation } from '../compilation.js'
import type { Compiler, RoleFiles } from '../compiler.js'
import type { Context } from '../context.js'
import { endings } from '../files/find-file.js'
import { baseStep } from '../tasks/base-step.js'
import { compileFile, importFile, readTree } from '../tasks/tasks-file.js'
import { findSelfReferences } from '../variables/self-reference.js'
import { argumentCheck, argumentSchema } from './argument-specs.js'
import type { FoundRole } from './find-role.js'

/** The meta data of a YAML role. */
export interface Meta {
  readonly dependencies: readonly Value[]
  readonly source: Source
  readonly allowDuplicates: boolean
  readonly argumentSpecs: Dict | undefined
}

export interface RoleVariables {
  readonly defaults: readonly Layer[]
  readonly vars: readonly Layer[]
}

/** `defaults/main.yml` and `vars/main.yml`, or all files of `defaults/main/` and `vars/main/`. */
export const readRoleVariables = async (
  context: Context,
  role: FoundRole,
  from: RoleFiles,
): Promise<RoleVariables> => ({
  defaults: await variablesOf(context, role, 'defaults', from.defaults),
  vars: await variablesOf(context, role, 'vars', from.vars),
})

const variablesOf = async (
  { into }: Context,
  { path, name }: FoundRole,
  part: 'defaults' | 'vars',
  from: string | undefined,
): Promise<readonly Layer[]> => {
  const layerRank = part === 'defaults' ? rank.roleDefaults : rank.roleVars
  const layers: Layer[] = []
  for (const file of variableFiles(join(path, part), from ?? 'main')) {
    try {
      layers.push(await varsLayer(shownPath(file), layerRank, `${part} of role ${name}`))
    } catch (error) {
      into.problems.addThrown(error)
    }
  }
  if (from !== undefined && layers.length === 0) missing(into, path, part, from)
  for (const { bindings } of layers) {
    for (const bound of bindings.keys()) into.load.names.add(bound)
    findSelfReferences(into, bindings)
  }
  return layers
}

const missing = (into: Compilation, path: string, part: string, from: string): void => {
  const file = shownPath(join(path, part))
  into.problems.add(
    `the role has no ${part}/${from}`,
    { file, line: 1, col: 1 },
    didYouMeanFile(from, [join(path, part, from)]) ??
      `looked for ${endings.map(ending => `${part}/${from}${ending}`).join(', ')} in ${shownPath(path)}`,
  )
}

/** A file of variables, or all files of a folder of that name. */
const variableFiles = (folder: string, name: string): readonly string[] => {
  const path = join(folder, name)
  if (isFolder(path)) {
    return namesIn(path)
      .filter(one => !one.startsWith('.') && endings.some(ending => one.endsWith(ending)))
      .map(one => join(path, one))
  }
  const file = fileOf(folder, name)
  return file === undefined ? [] : [file]
}

/**
 * The first that is there. One that is no regular file is refused when it is read: passed over, the role would silently do nothing.
 * Beside `main.yml` there may be a folder `main`.
 */
const fileOf = (folder: string, name: string): string | undefined => {
  const path = join(folder, name)
  return [...(isFolder(path) ? [] : [path]), ...endings.map(ending => path + ending)].find(isNamed)
}

export const roleMeta = async (compiler: Compiler, context: Context, { path }: FoundRole): Promise<Meta> => {
  const main = fileOf(join(path, 'meta'), 'main')
  const tree = main === undefined ? null : await readTree(compiler, context, main)
  const dict: Dict = isDict(tree) ? tree : new Map()
  const source = { file: shownPath(main ?? path), line: 1, col: 1 }
  const dependencies = dict.get('dependencies') ?? null
  if (dependencies !== null && !Array.isArray(dependencies)) {
    context.into.problems.add(
      "'dependencies' must be a list",
      sourceOf(dict, 'dependencies') ?? source,
      "write '- NAME' lines under it",
    )
  }
  const specs = fileOf(join(path, 'meta'), 'argument_specs')
  const own = specs === undefined ? dict : await readTree(compiler, context, specs)
  const argumentSpecs = isDict(own) ? own.get('argument_specs') : undefined
  return {
    dependencies: Array.isArray(dependencies) ? dependencies : [],
    source: sourceOf(dict, 'dependencies') ?? source,
    allowDuplicates: dict.get('allow_duplicates') === true,
    argumentSpecs: isDict(argumentSpecs) ? argumentSpecs : undefined,
  }
}

/** tasks/main.yml, with a check of the role's arguments before it where it describes them. */
export const roleTasks = async (
  compiler: Compiler,
  context: Context,
  role: FoundRole,
  meta: Meta,
  from: RoleFiles,
  source: Source,
): Promise<readonly Node[]> => {
  const file = fileOf(join(role.path, 'tasks'), from.tasks ?? 'main')
  const check = argumentStep(context, role, meta, from.tasks ?? 'main', source)
  if (file === undefined) {
    if (from.tasks !== undefined) missing(context.into, role.path, 'tasks', from.tasks)
    return check
  }
  return [...check, ...(await importFile(compiler, context, `the role ${role.name}`, file, source))]
}

export const roleHandlers = async (
  compiler: Compiler,
  context: Context,
  role: FoundRole,
  from: RoleFiles,
): Promise<readonly Step[]> => {
  const file = fileOf(join(role.path, 'handlers'), from.handlers ?? 'main')
  if (file === undefined) return []
  return flatSteps(
    context.into,
    await compileFile(compiler, { ...context, handlers: true, id: `${context.id}handlers>` }, file),
  )
}

/** A block among handlers only hands its keywords down. */
export const flatSteps = (into: Compilation, nodes: readonly Node[]): readonly Step[] =>
  nodes.flatMap(node => {
    if (node.kind === 'step') return [node]
    if (node.kind === 'block') return flatSteps(into, node.body)
    into.problems.add(
      'a TypeScript role among the handlers',
      node.source,
      'write handlers of their own, with one topic in `listen`',
    )
    return []
  })

const argumentStep = (
  context: Context,
  { name }: FoundRole,
  meta: Meta,
  entryPoint: string,
  source: Source,
): readonly Step[] => {
  const spec = meta.argumentSpecs?.get(entryPoint)
  if (!isDict(spec) || !isDict(spec.get('options'))) return []
  const text = `Validating arguments against arg spec '${entryPoint}'`
  return [
    {
      ...baseStep(context, source),
      id: `${context.id}arguments`,
      name: { names: [], constant: true, text, evaluate: () => text },
      module: 'assert',
      params: argumentCheck(name, argumentSchema(spec), source),
      tags: [...context.tags, 'always'],
    },
  ]
}

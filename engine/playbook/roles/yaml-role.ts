import { join } from 'node:path'
import { isFolder, isNamed } from '../../config/files/local-file.js'
import { didYouMeanFile } from '../../config/files/near-file.js'
import { namesIn } from '../../config/files/text.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import type { Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { varsLayer } from '../../inventory/vars-files.js'
import type { Compiler, RoleFiles } from '../compiler.js'
import { endings } from '../files/find-file.js'
import { baseStep } from '../tasks/base-step.js'
import { compileFile, importFile, readTree } from '../tasks/tasks-file.js'
import { findSelfReferences } from '../variables/self-reference.js'
import { type Context, shown } from '../work.js'
import { argumentCheck, argumentSchema } from './argument-specs.js'
import type { FoundRole } from './find-role.js'

/** What a role in YAML says of itself. */
export interface Meta {
  readonly dependencies: readonly Value[]
  readonly source: Source
  readonly allowDuplicates: boolean
  readonly argumentSpecs: Dict | undefined
}

/** `defaults/main.yml`, or all files of `defaults/main/`, as layers. */
export const roleVariables = async (
  compiler: Compiler,
  { path, name }: FoundRole,
  part: 'defaults' | 'vars',
  from: string | undefined,
): Promise<readonly Layer[]> => {
  const layerRank = part === 'defaults' ? rank.roleDefaults : rank.roleVars
  const layers: Layer[] = []
  for (const file of variableFiles(join(path, part), from ?? 'main')) {
    try {
      layers.push(await varsLayer(shown(file), layerRank, `${part} of role ${name}`))
    } catch (error) {
      compiler.work.problems.take(error)
    }
  }
  if (from !== undefined && layers.length === 0) missing(compiler, path, part, from)
  for (const { bindings } of layers) {
    for (const bound of bindings.keys()) compiler.work.names.add(bound)
    findSelfReferences(compiler.work, bindings)
  }
  return layers
}

const missing = (compiler: Compiler, path: string, part: string, from: string): void => {
  const file = shown(join(path, part))
  compiler.work.problems.add(
    `the role has no ${part}/${from}`,
    { file, line: 1, col: 1 },
    didYouMeanFile(from, [join(path, part, from)]) ??
      `looked for ${endings.map(ending => `${part}/${from}${ending}`).join(', ')} in ${shown(path)}`,
  )
}

/** A folder of variables counts with all of its files. */
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
 * The first that is there. One that is no regular file is refused when it is read: passed over, the role would do nothing without a word.
 * Beside `main.yml` there may be a folder `main`.
 */
const fileOf = (folder: string, name: string): string | undefined => {
  const path = join(folder, name)
  return [...(isFolder(path) ? [] : [path]), ...endings.map(ending => path + ending)].find(isNamed)
}

export const roleMeta = async (compiler: Compiler, { path }: FoundRole): Promise<Meta> => {
  const main = fileOf(join(path, 'meta'), 'main')
  const tree = main === undefined ? null : await readTree(compiler, main)
  const dict: Dict = isDict(tree) ? tree : new Map()
  const source = { file: shown(main ?? path), line: 1, col: 1 }
  const dependencies = dict.get('dependencies') ?? null
  if (dependencies !== null && !Array.isArray(dependencies)) {
    compiler.work.problems.add(
      "'dependencies' must be a list",
      sourceOf(dict, 'dependencies') ?? source,
      "write '- NAME' lines under it",
    )
  }
  const specs = fileOf(join(path, 'meta'), 'argument_specs')
  const own = specs === undefined ? dict : await readTree(compiler, specs)
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
    if (from.tasks !== undefined) missing(compiler, role.path, 'tasks', from.tasks)
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
    compiler,
    await compileFile(compiler, { ...context, handlers: true, id: `${context.id}handlers>` }, file),
  )
}

/** A block among handlers only hands its keywords down. */
export const flatSteps = (compiler: Compiler, nodes: readonly Node[]): readonly Step[] =>
  nodes.flatMap(node => {
    if (node.kind === 'step') return [node]
    if (node.kind === 'block') return flatSteps(compiler, node.body)
    compiler.work.problems.add(
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

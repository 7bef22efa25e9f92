import { join } from 'node:path'
import { shownPath } from '../../config/files/shown-path.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Node } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { candidatesNear, firstFile, notFound } from '../files/find-file.js'

/** A file of tasks by its name. Problems where it is not there, or imports itself. */
export const compileNamedFile = async (
  compiler: Compiler,
  context: Context,
  name: string,
  source: Source,
): Promise<readonly Node[]> => {
  const candidates = candidatesNear(context.origin, 'tasks', name)
  const file = firstFile(candidates)
  if (file !== undefined) return importFile(compiler, context, name, file, source)
  if (name !== '') notFound(context, 'file of tasks', name, candidates, source)
  return []
}

/** The tasks of a file, in place of the import. A problem where the import leads back to the file. */
export const importFile = async (
  compiler: Compiler,
  context: Context,
  name: string,
  file: string,
  source: Source,
): Promise<readonly Node[]> => {
  if (context.imports.includes(file)) {
    context.into.problems.add(`${name} imports itself`, source, 'use an include with a `when` that ends it')
    return []
  }
  return compileFile(compiler, { ...context, imports: [...context.imports, file] }, file)
}

/** A file of tasks: a list. */
export const compileFile = async (compiler: Compiler, context: Context, file: string): Promise<readonly Node[]> => {
  const tree = await readTree(compiler, context, file)
  const source = sourceOf(tree) ?? { file: shownPath(file), line: 1, col: 1 }
  const inner = { ...context, origin: { ...context.origin, dir: join(file, '..') } }
  return compiler.nodes(inner, { key: 'a file of tasks', value: tree, source, keySource: source })
}

/** A file's tree; for one that cannot be read a problem, and null. */
export const readTree = async (compiler: Compiler, { into }: Context, file: string): Promise<Value> => {
  try {
    return await compiler.tree(file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    into.problems.addThrown(error)
    into.mayBring({ handlers: true })
    return null
  }
}

import { join, resolve } from 'node:path'
import { lookedFor } from '../../config/files/near-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import type { Expr } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Play } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { varsLayer } from '../../inventory/vars-files.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import type { Entry } from '../entry.js'
import { mayBeFile } from '../files/find-file.js'
import { kindOf } from '../problems/kind-of.js'
import { findSelfReferences } from './self-reference.js'
import { staticValue } from './variables.js'

interface VarsFiles {
  readonly layers: readonly Layer[]
  /** Files whose names need a host. */
  readonly later: Play['varsFiles']
}

/** `vars_files`: names, or lists of names of which the first that is there counts. */
export const readVarsFiles = async (context: Context, entry: Entry): Promise<VarsFiles> => {
  const { value, source } = entry
  if (value === null) return { layers: [], later: [] }
  const list: readonly Value[] = Array.isArray(value) ? value : [value]
  const layers: Layer[] = []
  const later: { readonly names: readonly Expr[]; readonly source: Source }[] = []
  for (const [index, one] of list.entries()) {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? source) : source
    const exprs = (Array.isArray(one) ? one : [one]).map(name => nameExpr(context.into, name, at))
    const known = { ...context, playVars: [...context.playVars, ...layers] }
    const names = exprs.map(expr => (expr === undefined ? undefined : staticValue(known, expr)))
    if (exprs.includes(undefined)) continue
    if (names.every(name => typeof name === 'string')) await add(context, names as readonly string[], at, layers)
    else {
      context.into.mayDefine(context)
      later.push({ names: exprs as readonly Expr[], source: at })
    }
  }
  return { layers, later }
}

const nameExpr = (into: Compilation, name: Value, source: Source): Expr | undefined => {
  if (typeof name === 'string') return into.template(name, source)
  into.problems.add(`'vars_files' takes names of files, not ${kindOf(name)}`, source, 'write the path of a YAML file')
  return undefined
}

const add = async (context: Context, names: readonly string[], at: Source, layers: Layer[]): Promise<void> => {
  try {
    const layer = await firstVarsFile(names, context.origin.playDir, at)
    for (const name of layer.bindings.keys()) context.into.load.names.add(name)
    findSelfReferences(context.into, layer.bindings)
    layers.push(layer)
  } catch (error) {
    context.into.mayDefine(context)
    context.into.problems.addThrown(error)
  }
}

/** The first of these files that is there. @throws ConfigError naming the paths that were looked at, or what is wrong inside */
export const firstVarsFile = async (names: readonly string[], dir: string, source: Source): Promise<Layer> => {
  const candidates = names.map(name => resolve(join(dir, '.'), name))
  const file = candidates.find(mayBeFile)
  if (file !== undefined) return varsLayer(shownPath(file), rank.varsFiles)
  throw new ConfigError({
    message: `no such file of variables: ${names.join(', ')}`,
    source,
    hint: names.map((name, index) => lookedFor(name, candidates.slice(index, index + 1), shownPath)).join('; '),
  })
}

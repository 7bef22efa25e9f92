import { sourceOf } from '../../config/yaml/yaml.js'
import { type Expr, ExpressionError, type Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Binding, isVariableName, type Layer, variableNames } from '../../core/vars.js'
import { bindings } from '../../inventory/yaml.js'
import { compileVariable } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import type { Entry } from '../entry.js'
import { searchPath } from '../files/search-path.js'
import { kindOf } from '../problems/kind-of.js'
import { findSelfReferences } from './self-reference.js'

/** A `vars:` dict as a layer; wrong names are problems. */
export const varsLayer = (into: Compilation, entry: Entry, rank: number, name: string): Layer => {
  const { value, source } = entry
  if (value === null) return { rank, name, bindings: new Map() }
  if (!isDict(value)) {
    into.problems.add(
      `'${entry.key}' must be a dict, not ${kindOf(value)}`,
      source,
      "write 'name: value' lines under it",
    )
    return { rank, name, bindings: new Map() }
  }
  return { rank, name, bindings: dictBindings(into, value, source) }
}

/** Names that the run gives a value itself, which wins over all others. */
const ofRun: ReadonlySet<string> = new Set([
  'ansible_check_mode',
  'ansible_play_batch',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'group_names',
  'groups',
  'hostvars',
  'inventory_hostname',
  'inventory_hostname_short',
  'play_hosts',
  'playbook_dir',
])

/** Notes a name that something in the plays gives a value. @returns whether it may name a variable */
export const noteVariable = (into: Compilation, name: string, source: Source | undefined): boolean => {
  into.load.names.add(name)
  if (ofRun.has(name))
    into.problems.warn(
      `'${name}' has the value that the run gives it, whatever is set here`,
      source,
      'use another name',
    )
  if (isVariableName(name)) return true
  into.problems.add(`'${name}' is no name for a variable`, source, variableNames)
  return false
}

export const dictBindings = (into: Compilation, dict: Dict, source: Source): ReadonlyMap<string, Binding> => {
  const bound = bindings(dict, sourceOf(dict) ?? source, {
    problem: (message, at, hint) => into.problems.add(message, at, hint),
  })
  for (const [name, binding] of bound) noteVariable(into, name, binding.source)
  findSelfReferences(into, bound)
  return bound
}

/** The variables that are known before any host is asked: the command line's variables, the play's, and those of the surrounding roles and blocks. */
const staticScope = (context: Context): Scope => {
  const { extra, templates } = context.into.load.options
  const layers = [...context.playVars, ...context.vars, ...(extra === undefined ? [] : [extra])]
    .toReversed()
    .sort((a, b) => b.rank - a.rank)
  const busy = new Set<string>()
  const magic = new Map<string, Value>([
    ['playbook_dir', context.origin.playDir],
    ['ansible_search_path', searchPath(context.origin)],
    ...(context.origin.role === undefined
      ? []
      : ([
          ['role_path', context.origin.role.path],
          ['role_name', context.origin.role.name],
        ] as const)),
  ])
  const scope: Scope = {
    get(name) {
      const known = magic.get(name)
      if (known !== undefined) return known
      const binding = layers.find(layer => layer.bindings.has(name))?.bindings.get(name)
      if (binding === undefined) return undefined
      if (binding.data === true) return binding.value
      if (busy.has(name))
        throw new ExpressionError(`the variable '${name}' is defined by itself`, binding.source, undefined, 'recursion')
      busy.add(name)
      try {
        return compileVariable(binding.value, templates, binding.source).evaluate(scope)
      } finally {
        busy.delete(name)
      }
    },
    *names() {
      yield* magic.keys()
      for (const layer of layers) yield* layer.bindings.keys()
    },
  }
  return scope
}

/** The value before any host is known. @throws ExpressionError where a host has to be known */
export const evaluateNow = (context: Context, expr: Expr): Value => expr.evaluate(staticScope(context))

/** The same; undefined where a host has to be known. */
export const staticValue = (context: Context, expr: Expr): Value | undefined => {
  try {
    return evaluateNow(context, expr)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

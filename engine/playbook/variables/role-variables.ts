import { checkParams } from '../../config/schema/check-params.js'
import type { Where } from '../../config/schema/options.js'
import { sourceAt, writtenAs, writtenOf } from '../../config/yaml/yaml.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { noScope } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { Node, Play, RoleUse } from '../../core/step.js'
import type { Key } from '../../core/value.js'
import { type Binding, type Layer, winning } from '../../core/vars.js'
import { patternText } from '../../inventory/pattern-text.js'
import { toJson } from '../../python/to-json.js'
import { hasTemplate } from '../entry.js'

/** An inventory, as far as variables of hosts are concerned. */
export interface HostVariables {
  readonly names: readonly string[]
  layersOf(host: string): readonly Layer[]
  selectForPlay(pattern: string): readonly string[]
}

/**
 * Variables that are parameters of a TypeScript role, checked against its schema before any host is asked: for every host those
 * that win, as far as they hold no templates.
 */
export const roleVariableProblems = (
  plays: readonly Play[],
  inventory: HostVariables,
  extra: Layer | undefined,
): readonly Diagnostic[] =>
  plays.flatMap(play => {
    const uses = rolesIn(play.body)
    if (uses.length === 0) return []
    return hostsOf(play, inventory).flatMap(host =>
      uses.flatMap(use => {
        const layers = [...inventory.layersOf(host), ...play.vars, ...use.inherits.vars, use.given]
        return problemsOf(use, extra === undefined ? layers : [...layers, extra])
      }),
    )
  })

const rolesIn = (nodes: readonly Node[]): readonly RoleUse[] =>
  nodes.flatMap(node => {
    if (node.kind === 'role') return [node]
    return node.kind === 'block' ? rolesIn([...node.body, ...node.rescue, ...node.always]) : []
  })

/** A wrong pattern is reported where hosts are selected. */
const hostsOf = (play: Play, inventory: HostVariables): readonly string[] => {
  if (!play.hosts.constant) return inventory.names
  try {
    return inventory.selectForPlay(patternText(play.hosts.evaluate(noScope)))
  } catch (error) {
    if (error instanceof ConfigError) return []
    throw error
  }
}

const problemsOf = ({ role }: RoleUse, layers: readonly Layer[]): readonly Diagnostic[] => {
  const schema = role.params
  const names = Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {})
  const known = new Map<string, Binding>()
  for (const name of names) {
    const binding = winning(name, layers)
    if (binding !== undefined && binding.data !== true && !hasTemplate(binding.value)) known.set(name, binding)
  }
  const values: { [name: string]: Json } = Object.fromEntries(
    [...known].map(([name, { value }]) => [name, toJson(value)]),
  )
  const later = new Set(names.filter(name => !known.has(name)))
  try {
    checkParams(schema, values, whereOf(known), { of: `role ${role.name}`, later })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.all
  }
}

const whereOf = (known: ReadonlyMap<string, Binding>): Where => {
  const at = (path: readonly (string | number)[]) => known.get(String(path[0]))
  return {
    sourceOf: path => {
      const binding = at(path)
      return binding === undefined ? undefined : (sourceAt(binding.value, path.slice(1)) ?? binding.source)
    },
    written: path => {
      const binding = at(path)
      if (binding === undefined || path.length === 1) return binding === undefined ? undefined : writtenOf(binding)
      return writtenAs(inside(binding.value, path.slice(1, -1)), path.at(-1) as Key)
    },
  }
}

const inside = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (here, key) => (here instanceof Map ? here.get(key) : Array.isArray(here) ? here[Number(key)] : undefined),
    value,
  )

import { ConfigError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import { findUnknown } from '../../core/value.js'
import type { Inventory } from '../../inventory/inventory.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import { VariableScope } from '../../run/variables/scope.js'
import type { Flags } from '../options.js'
import { openProject, type Project } from '../project/project.js'
import { controllerEnv, templatesOf } from '../project/templates.js'

export interface InventoryFlags extends Flags {
  readonly list?: boolean
  readonly graph?: boolean
  readonly host?: string
}

/** Prints the inventory: all of it as JSON, as a tree, or the variables of one host. */
export const showInventory = async (flags: InventoryFlags, say: (text: string) => void): Promise<number> => {
  const project = await openProject(flags, [])
  const { inventory } = project
  if (flags.host !== undefined) {
    if (inventory.select(flags.host).length !== 1) {
      throw new ConfigError({ message: `'${flags.host}' is not one host`, hint: 'give the name of a host' })
    }
    say(jsonText(variablesOf(project, flags.host), { indent: 2 }))
  } else if (flags.graph === true) for (const line of graph(inventory, 'all', 0)) say(line)
  else say(jsonText(listing(project), { indent: 2 }))
  return 0
}

const variablesOf = ({ inventory, extra }: Project, host: string): { readonly [name: string]: Json } => {
  const templates = templatesOf(controllerEnv())
  const scope = new VariableScope([...inventory.layersOf(host), extra], binding => templates.variable(binding))
  const names = [...new Set(scope.names())].sort()
  return Object.fromEntries(names.map(name => [name, shown(scope, name)]))
}

/** The value of a variable. A variable whose template can only be rendered in a run is shown as it is written. */
const shown = (scope: VariableScope, name: string): Json => {
  try {
    const value = scope.get(name) ?? null
    if (findUnknown(value) === undefined) return toJson(value)
  } catch {
    // shown below as it is written
  }
  return toJson(scope.binding(name)?.value ?? null)
}

/** The JSON of `ansible-inventory --list`, so that other tools can read it. */
const listing = (project: Project): Json => {
  const { inventory } = project
  const groups = [...inventory.groups].map(([name, hosts]): [string, Json] => [
    name,
    { hosts, children: inventory.children.get(name) ?? [] },
  ])
  const hostvars = inventory.names.map((name): [string, Json] => [name, variablesOf(project, name)])
  return { _meta: { hostvars: Object.fromEntries(hostvars) }, ...Object.fromEntries(groups) }
}

const graph = (inventory: Inventory, group: string, depth: number): readonly string[] => {
  const children = inventory.children.get(group) ?? []
  const inChildren = new Set(children.flatMap(child => inventory.groups.get(child) ?? []))
  const own = (inventory.groups.get(group) ?? []).filter(host => !inChildren.has(host))
  const indent = '  '.repeat(depth)
  return [
    `${indent}@${group}`,
    ...children.flatMap(child => graph(inventory, child, depth + 1)),
    ...own.map(host => `${indent}  ${host}`),
  ]
}

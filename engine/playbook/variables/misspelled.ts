import { nearest } from '../../config/did-you-mean.js'
import { isJsonObject } from '../../core/json.js'
import type { Node, Play } from '../../core/step.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Compilation } from '../compilation.js'
import type { HostVariables } from './role-variables.js'
import { namesIn } from './self-reference.js'

/**
 * Finds variables of the inventory that nothing uses, and whose names are near a role's parameter: the role would silently use its default.
 */
export const findMisspelled = (into: Compilation, plays: readonly Play[], inventory: HostVariables): void => {
  const ofRoles = new Set(plays.flatMap(play => [...parametersIn(play.body), ...defaultsIn(play.vars)]))
  if (ofRoles.size === 0) return
  const layers = new Set(inventory.names.flatMap(host => inventory.layersOf(host)))
  const sources = new Set([...layers].map(({ bindings }) => bindings))
  const asked = new Set([...into.load.mentioned, ...into.uses.all.flatMap(({ expr }) => expr.names)])
  for (const bindings of [...sources, ...plays.flatMap(play => play.vars.map(layer => layer.bindings))])
    for (const binding of bindings.values())
      for (const name of namesIn(into.load.options.templates, binding)) asked.add(name)
  for (const bindings of sources)
    for (const [name, { source }] of bindings) {
      if (ofRoles.has(name) || into.load.names.has(name) || asked.has(name) || /^(?:ansible|tkplay)_/.test(name))
        continue
      const [near] = nearest(name, ofRoles, 1)
      if (near === undefined || bindings.has(near)) continue
      into.problems.addTaskFailure(
        'variable',
        false,
        `nothing asks for the variable '${name}'`,
        source,
        `did you mean '${near}', which a role has?`,
      )
    }
}

const parametersIn = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap(node => {
    if (node.kind === 'block') return parametersIn([...node.body, ...node.rescue, ...node.always])
    if (node.kind !== 'role') return []
    const properties = node.role.params['properties']
    return Object.keys(isJsonObject(properties) ? properties : {})
  })

const defaultsIn = (layers: readonly Layer[]): readonly string[] =>
  layers.flatMap(layer => (layer.rank === rank.roleDefaults ? [...layer.bindings.keys()] : []))

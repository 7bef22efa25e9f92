import { ExpressionError } from '../../core/expr.js'
import type { Facts } from '../../core/module.js'
import type { HostView, View } from '../../core/role.js'
import { findUnknown } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import type { PlayHosts } from '../timeline/play-hosts.js'
import type { VariableScope } from './scope.js'
import type { Variables } from './variables.js'

/** The inventory and the facts, as a role sees them for one host. */
export const viewOf = (
  host: string,
  play: PlayHosts,
  variables: Variables,
  factsOf: (host: string) => Facts | undefined,
): View => {
  const { hosts } = variables.input
  const known = new Map<string, HostView>()
  const see = (name: string): HostView => {
    const seen = known.get(name) ?? hostView(name, play, variables, factsOf)
    known.set(name, seen)
    return seen
  }
  return {
    host: see(host),
    facts: factsOf(host) ?? {},
    get hosts() {
      return hosts.names.map(see)
    },
    group: name => (name === 'all' ? hosts.names : (hosts.groups.get(name) ?? [])).map(see),
  }
}

const hostView = (
  name: string,
  play: PlayHosts,
  variables: Variables,
  factsOf: (host: string) => Facts | undefined,
): HostView => {
  // Made on demand: a role sees all hosts, but mostly uses names and groups.
  let scope: VariableScope | undefined
  const variable = (wanted: string): ReturnType<HostView['variable']> => {
    scope ??= variables.scope(name, { play })
    const value = scope.get(wanted)
    if (value === undefined) return undefined
    const unknown = findUnknown(value)
    if (unknown !== undefined) throw new ExpressionError(`${name}'s ${wanted} waits for ${unknown.waitsFor}`, undefined)
    return toJson(value, { secrets: 'reveal' })
  }
  return {
    name,
    get address() {
      return String(variable('tkplay_host') ?? variable('ansible_host') ?? name)
    },
    groups: variables.input.hosts.groupsOf(name),
    get facts() {
      return factsOf(name)
    },
    variable,
    get inPlay() {
      return play.all.includes(name)
    },
  }
}

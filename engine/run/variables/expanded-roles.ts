import type { Facts } from '../../core/module.js'
import type { View } from '../../core/role.js'
import type { RoleUse } from '../../core/step.js'
import type { Unknown } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import type { RunInput } from '../input.js'
import type { PlayHosts } from '../timeline/play-hosts.js'
import { type Expanded, expandRole } from './role-steps.js'
import { viewOf } from './role-view.js'
import type { Variables } from './variables.js'

/** The host for which a role is expanded. */
interface RoleHost {
  readonly name: string
  readonly facts: Facts | undefined
  /** How often expressions of the host read variables of other hosts. */
  readonly looksElsewhere: number
}

interface Kept {
  readonly facts: Facts | undefined
  readonly certain: boolean
  readonly expanded: Expanded
}

/** The expansions of TypeScript roles, by host. */
export class ExpandedRoles {
  readonly #kept = new WeakMap<RoleUse, Map<string, Kept>>()

  constructor(
    readonly input: RunInput,
    readonly variables: Variables,
    readonly factsOf: (name: string) => Facts | undefined,
  ) {}

  view(host: string, play: PlayHosts): View {
    return viewOf(host, play, this.variables, this.factsOf)
  }

  /**
   * The steps of a role for a host. An expansion made ahead is reused for reading ahead; at the role's turn it is
   * reused only if it used neither predictions nor variables of other hosts.
   */
  expand(use: RoleUse, host: RoleHost, play: PlayHosts, over: readonly Layer[] = []): Expanded | Unknown {
    const byHost = this.#kept.get(use) ?? new Map<string, Kept>()
    this.#kept.set(use, byHost)
    const known = byHost.get(host.name)
    if (known?.facts === host.facts && known !== undefined && (known.certain || over.length > 0)) return known.expanded
    const elsewhere = host.looksElsewhere
    const scope = this.variables.scope(host.name, { over, play, step: use.inherits })
    const expanded = expandRole(this.input, use, scope, this.view(host.name, play))
    const certain = host.looksElsewhere === elsewhere && over.every(layer => layer.bindings.size === 0)
    if ('body' in expanded) byHost.set(host.name, { facts: host.facts, certain, expanded })
    return expanded
  }
}

import type { Expr, Scope } from '../../core/expr.js'
import { LazyDict } from '../../core/lazy-dict.js'
import type { Facts } from '../../core/module.js'
import type { Step } from '../../core/step.js'
import type { Key, Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { localNames } from '../../inventory/select.js'
import type { RunInput } from '../input.js'
import { ofHost } from '../machine/connection-vars.js'
import { connectionNames } from '../machine/target.js'
import type { PlayHosts } from '../timeline/play-hosts.js'
import { textOf } from './conditions.js'
import { delegatedLayer } from './delegate-vars.js'
import { FactLayers } from './fact-layers.js'
import { Magic } from './magic.js'
import { dataLayer, kept, type Render, VariableScope } from './scope.js'

/** The sources of a host's variables, beside inventory and play. */
export interface HostVariables {
  readonly name: string
  readonly facts: Facts | undefined
  /** Facts of `set_fact` with `cacheable`. A change makes a new map. */
  readonly cacheable: ReadonlyMap<string, Value>
  /** set_fact and register: data. */
  readonly registered: ReadonlyMap<string, Binding>
  /** include_vars, and vars_files that needed host variables. */
  readonly included: { readonly layers: readonly Layer[] }
  /** Called when an expression of the host reads variables of another host, which may change before the step's turn. */
  lookElsewhere(): void
}

/** Makes the scopes of a run, with Ansible's layers and precedence. */
export class Variables {
  readonly #render: Render
  readonly #hosts = new Map<string, HostVariables>()
  readonly #facts = new FactLayers()
  readonly #addressLayers = new Map<string, Layer>()
  readonly #magic: Magic

  constructor(readonly input: RunInput) {
    this.#render = binding => binding.made ?? input.templates.variable(binding)
    this.#magic = new Magic(input, {
      hostvars: (host, play) => this.#hostvars(host, play),
      live: (host, play) => {
        this.#lookElsewhere(host)
        return play.live()
      },
    })
  }

  know(host: HostVariables): void {
    this.#hosts.set(host.name, host)
  }

  /** @param over layers of the step: loop variables, predicted results */
  scope(
    host: string,
    at: { readonly play?: PlayHosts; readonly step?: Step; readonly over?: readonly Layer[] } = {},
  ): VariableScope {
    const { play, step, over = [] } = at
    const known = this.#hosts.get(host)
    const scope: VariableScope = new VariableScope(
      [
        ...(step === undefined ? [] : [kept(this.#addressLayers, host, () => addressLayer(host))]),
        ...this.input.settings,
        ...(step?.remoteUser === undefined ? [] : [this.#userLayer(host, step.remoteUser, step, at)]),
        ...(step?.delegateTo === undefined ? [] : [this.#delegatedLayer(host, step, at, () => scope)]),
        ...this.input.hosts.layersOf(host),
        this.#facts.of(known),
        ...(play?.play.vars ?? []),
        ...(known?.included.layers ?? []),
        ...(step?.vars ?? []),
        ...(known === undefined || known.registered.size === 0
          ? []
          : [{ rank: rank.registered, name: 'set_fact', bindings: known.registered }]),
        ...over,
        this.input.extra,
        ...this.#magic.layers(host, play, step),
      ],
      this.#render,
      setsConnection(play?.play.vars) || setsConnection(step?.vars)
        ? [...(play?.play.vars ?? []), ...(step?.vars ?? []), ...over]
        : [],
    )
    return scope
  }

  /** A task sees `remote_user` as `ansible_user`, where the host does not set it itself. */
  #userLayer(host: string, user: Expr, step: Step, at: Parameters<Variables['scope']>[1]): Layer {
    const evaluate = (): Value => {
      const { remoteUser: _, ...own } = step
      const scope = this.scope(host, { ...at, step: own })
      return ofHost(scope, 'user') ?? ofHost(scope, 'ssh_user') ?? user.evaluate(scope)
    }
    const binding: Binding = { value: null, made: { names: [], constant: false, evaluate } }
    const bindings = new Map(['ansible_user', 'ansible_ssh_user'].map(name => [name, binding]))
    return { rank: rank.settings, name: 'remote_user', bindings }
  }

  #delegatedLayer(host: string, step: Step, at: Parameters<Variables['scope']>[1], scope: () => Scope): Layer {
    const { delegateTo, ...own } = step
    return delegatedLayer(
      host,
      () => textOf(delegateTo, scope()),
      name => this.scope(name, { ...at, step: own }),
      () => this.#lookElsewhere(host),
    )
  }

  #lookElsewhere(host: string | undefined): void {
    if (host !== undefined) this.#hosts.get(host)?.lookElsewhere()
  }

  #hostvars(host: string | undefined, play: PlayHosts | undefined): Value {
    const { names } = this.input.hosts
    return new HostVars(
      () => this.#lookElsewhere(host),
      () => names,
      name => {
        if (typeof name !== 'string' || !(names.includes(name) || localNames.includes(name))) return undefined
        if (name !== host) this.#lookElsewhere(host)
        const scope = this.scope(name, play === undefined ? {} : { play })
        return new LazyDict(
          () => [...scope.names()].filter(key => !ofAll.has(key)),
          key => (typeof key === 'string' && !ofAll.has(key) ? scope.get(key) : undefined),
        )
      },
    )
  }
}

const setsConnection = (layers: readonly Layer[] | undefined): boolean =>
  layers !== undefined && layers.length > 0 && connectionNames(layers).length > 0

/** Dicts of all variables; inside `hostvars` they would never end. */
const ofAll: ReadonlySet<string> = new Set(['hostvars', 'vars'])

/**
 * `hostvars`. The implicit localhost can be looked up by name, but is listed only where the inventory has it. A missing
 * host may be one that an earlier task was to add, so reading it counts as looking at other hosts: the expression is
 * evaluated again at its turn, after that task's failure.
 */
class HostVars extends LazyDict {
  constructor(
    readonly onMissing: () => void,
    ...dict: ConstructorParameters<typeof LazyDict>
  ) {
    super(...dict)
  }

  override has(key: Key): boolean {
    if (super.has(key) || localNames.includes(String(key))) return true
    this.onMissing()
    return false
  }
}

/** `ansible_host` as a task sees it where nothing sets it; as in Ansible it is undefined in `hostvars`. */
const addressLayer = (host: string): Layer => dataLayer(rank.connection, "the host's name", [['ansible_host', host]])

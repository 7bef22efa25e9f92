import { dirname } from 'node:path'
import type { Facts } from '../core/module.js'
import type { Play, Step } from '../core/step.js'
import { type Dict, fromJson, type Value } from '../core/value.js'
import { type Binding, type Layer, rank } from '../core/vars.js'
import type { RunInput } from './input.js'
import { dataLayer, LazyDict, type Render, VariableScope } from './scope.js'

/** What one host's variables are made of, beside inventory and play. */
export interface HostVariables {
  readonly name: string
  readonly facts: Facts | undefined
  /** set_fact and register: data. */
  readonly registered: ReadonlyMap<string, Binding>
  /** include_vars, and vars_files that needed host variables. */
  readonly included: readonly Layer[]
}

export interface PlayHosts {
  readonly play: Play
  /** Hosts of the play; of those, the ones that are still in it; and this batch's. */
  readonly all: readonly string[]
  live(): readonly string[]
  batch(): readonly string[]
}

/** Makes the scopes of a run: Ansible's layers in Ansible's order. */
export class Variables {
  readonly #render: Render
  readonly #hosts = new Map<string, HostVariables>()
  readonly #factLayers = new WeakMap<Facts, Layer>()
  readonly #groups: Value

  constructor(readonly input: RunInput) {
    this.#render = binding => input.templates.variable(binding)
    this.#groups = new Map([...input.hosts.groups].map(([name, hosts]) => [name, hosts]))
  }

  know(host: HostVariables): void {
    this.#hosts.set(host.name, host)
  }

  /** @param over layers for this moment: loop variables, predicted registers */
  scope(
    host: string,
    at: { readonly play?: PlayHosts; readonly step?: Step; readonly over?: readonly Layer[] } = {},
  ): VariableScope {
    const { play, step, over = [] } = at
    const known = this.#hosts.get(host)
    return new VariableScope(
      [
        ...this.input.settings,
        ...this.input.hosts.layersOf(host),
        ...(known?.facts === undefined ? [] : [this.#factLayer(known.facts)]),
        ...(play?.play.vars ?? []),
        ...(known?.included ?? []),
        ...(step?.vars ?? []),
        ...(known === undefined || known.registered.size === 0
          ? []
          : [{ rank: rank.registered, name: 'set_fact', bindings: known.registered }]),
        ...over,
        this.input.extra,
        this.#magic(host, play, step),
      ],
      this.#render,
    )
  }

  #factLayer(facts: Facts): Layer {
    const known = this.#factLayers.get(facts)
    if (known !== undefined) return known
    const all = fromJson(facts) as Dict
    const layer = dataLayer(rank.facts, 'facts', [
      ['ansible_facts', all],
      ...[...all].map(([name, value]) => [`ansible_${String(name)}`, value] as const),
    ])
    this.#factLayers.set(facts, layer)
    return layer
  }

  #magic(host: string, play: PlayHosts | undefined, step: Step | undefined): Layer {
    const { input } = this
    const role = step?.origin.role
    const file = input.hosts.file
    const values: [string, Value][] = [
      ['inventory_hostname', host],
      ['inventory_hostname_short', host.split('.')[0] ?? host],
      ['group_names', input.hosts.groupsOf(host)],
      ['groups', this.#groups],
      ['hostvars', this.#hostvars(play)],
      ['ansible_check_mode', input.check],
      ['ansible_diff_mode', input.diff],
      ['ansible_verbosity', input.verbosity],
      ['ansible_forks', input.forks],
      ['ansible_run_tags', input.tags.only.length === 0 ? ['all'] : input.tags.only],
      ['ansible_skip_tags', input.tags.skip],
      ['ansible_version', ansibleVersion],
      ...(file === undefined
        ? []
        : (
            [
              ['inventory_file', file],
              ['inventory_dir', dirname(file)],
            ] as const
          ).map(([a, b]): [string, Value] => [a, b])),
      ...(play === undefined ? [] : playMagic(play)),
      ...(step === undefined ? [] : ([['playbook_dir', step.origin.playDir]] as [string, Value][])),
      ...(role === undefined
        ? []
        : ([
            ['role_name', role.name],
            ['ansible_role_name', role.name],
            ['role_path', role.path],
            ['ansible_parent_role_names', role.parents],
          ] as [string, Value][])),
    ]
    return dataLayer(rank.magic, 'magic variables', values)
  }

  #hostvars(play: PlayHosts | undefined): Value {
    return new LazyDict(
      () => this.input.hosts.names,
      name => {
        if (typeof name !== 'string' || !this.input.hosts.names.includes(name)) return undefined
        const scope = this.scope(name, play === undefined ? {} : { play })
        return new LazyDict(
          () => scope.names(),
          key => (typeof key === 'string' && key !== 'hostvars' ? scope.get(key) : undefined),
        )
      },
    )
  }
}

/** The semantics that are followed. */
const ansibleVersion: Dict = new Map<string, Value>([
  ['full', '2.19.0'],
  ['major', 2],
  ['minor', 19],
  ['revision', 0],
  ['string', '2.19.0'],
])

const playMagic = ({ play, all, live, batch }: PlayHosts): [string, Value][] => [
  ['ansible_play_name', play.name],
  ['ansible_play_hosts_all', all],
  ['ansible_play_hosts', live()],
  ['play_hosts', live()],
  ['ansible_play_batch', batch()],
  ['playbook_dir', play.origin.playDir],
]

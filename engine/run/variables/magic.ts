import { existsSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Expr } from '../../core/expr.js'
import { LazyDict } from '../../core/lazy-dict.js'
import type { Origin, Step } from '../../core/step.js'
import type { Dict, Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { searchPath } from '../../playbook/files/search-path.js'
import type { RunInput } from '../input.js'
import type { PlayHosts } from '../timeline/play-hosts.js'
import { dataLayer, kept } from './scope.js'

/** What expressions of one host see of other hosts, at the time of use. */
interface Others {
  /** The variables of all hosts. */
  hostvars(host: string | undefined, play: PlayHosts | undefined): Value
  /** The hosts that are still in the play. */
  live(host: string, play: PlayHosts): readonly string[]
}

/** The magic variables. Layers are cached by what they describe, since scopes are made for every step and item. */
export class Magic {
  readonly #run: Layer
  readonly #hosts = new Map<string, Layer>()
  readonly #plays = new WeakMap<PlayHosts, Layer>()
  readonly #views = new WeakMap<PlayHosts, Map<string, Layer>>()
  readonly #origins = new WeakMap<Origin, Layer>()
  readonly #environments = new WeakMap<readonly Expr[], Layer>()
  readonly #outside: Layer

  constructor(
    readonly input: RunInput,
    readonly others: Others,
  ) {
    this.#run = layer(ofRun(input))
    this.#outside = changing([['hostvars', () => others.hostvars(undefined, undefined)]])
  }

  /** The layers have the same rank; the last one wins. */
  layers(host: string, play: PlayHosts | undefined, step: Step | undefined): readonly Layer[] {
    return [
      this.#run,
      allVariables,
      kept(this.#hosts, host, () => this.#ofHost(host)),
      ...(play === undefined ? [this.#outside] : this.#inPlay(host, play)),
      ...(step === undefined
        ? []
        : [
            kept(this.#origins, step.origin, () => layer(ofOrigin(step.origin))),
            kept(this.#environments, step.environment, () => environmentLayer(step.environment)),
          ]),
    ]
  }

  #ofHost(host: string): Layer {
    return layer([
      ['inventory_hostname', host],
      ['inventory_hostname_short', host.split('.')[0] ?? host],
      ['group_names', [...this.input.hosts.groupsOf(host)].sort()],
    ])
  }

  #inPlay(host: string, play: PlayHosts): readonly Layer[] {
    const views = this.#views.get(play) ?? new Map<string, Layer>()
    this.#views.set(play, views)
    return [kept(this.#plays, play, () => ofPlay(play)), kept(views, host, () => this.#view(host, play))]
  }

  #view(host: string, play: PlayHosts): Layer {
    const live = (): readonly string[] => this.others.live(host, play)
    const inBatch = (): Value => batchOf(play, live())
    return changing([
      ['hostvars', () => this.others.hostvars(host, play)],
      ['ansible_play_hosts', live],
      ['play_hosts', live],
      ['ansible_play_batch', inBatch],
    ])
  }
}

const made = (evaluate: Expr['evaluate']): Binding => ({ value: null, made: { names: [], constant: false, evaluate } })

/** `vars`: all variables by name, except itself. */
const allVariables: Layer = {
  rank: rank.magic,
  name: 'magic variables',
  bindings: new Map([
    [
      'vars',
      made(
        scope =>
          new LazyDict(
            () => [...scope.names()].filter(name => name !== 'vars'),
            name => (typeof name === 'string' && name !== 'vars' ? scope.get(name) : undefined),
          ),
      ),
    ],
  ]),
}

const environmentLayer = (environment: readonly Expr[]): Layer => ({
  rank: rank.magic,
  name: 'magic variables',
  bindings: new Map([['environment', made(scope => environment.map(one => one.evaluate(scope)))]]),
})

const batchOf = (play: PlayHosts, live: readonly string[]): Value => {
  const still = new Set(live)
  return play.batch.filter(name => still.has(name))
}

const ofPlay = (play: PlayHosts): Layer => {
  const direct = (): readonly string[] => [...play.roles].map(role => role.name)
  const dependent = (): readonly string[] => [...new Set([...play.roles].flatMap(role => role.dependencies))]
  return changing([
    ['ansible_play_role_names', direct],
    ['role_names', direct],
    ['ansible_dependent_role_names', dependent],
    ['ansible_role_names', () => [...new Set([...direct(), ...dependent()])]],
    ['ansible_play_name', () => play.play.name],
    ['ansible_play_hosts_all', () => play.all],
    ['playbook_dir', () => play.play.origin.playDir],
    ['ansible_search_path', () => searchPath(play.play.origin)],
  ])
}

/** The Python of this machine, for `ansible_python_interpreter: "{{ ansible_playbook_python }}"`. */
const pythonHere = (): string =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'python3'))
    .find(existsSync) ?? '/usr/bin/python3'

type Named = readonly (readonly [string, Value])[]

const ofRun = (input: RunInput): Named => {
  const { file } = input.hosts
  return [
    ['groups', new Map(input.hosts.groups)],
    ['ansible_check_mode', input.check],
    ['ansible_diff_mode', input.diff],
    ['ansible_verbosity', input.verbosity],
    ['ansible_forks', input.forks],
    ['ansible_run_tags', input.tags.only.length === 0 ? ['all'] : input.tags.only],
    ['ansible_skip_tags', input.tags.skip],
    ['ansible_version', ansibleVersion],
    ['ansible_inventory_sources', input.hosts.sources],
    ...(input.limit === undefined ? [] : ([['ansible_limit', input.limit]] as const)),
    // tkplay reads no ansible.cfg.
    ['ansible_config_file', null],
    ['ansible_playbook_python', pythonHere()],
    ...(file === undefined
      ? []
      : ([
          ['inventory_file', file],
          ['inventory_dir', dirname(file)],
        ] as const)),
  ]
}

/** Whether the role is in a collection: `role_name` is its short name then, `ansible_role_name` the full one. */
const isInCollection = ({ path }: NonNullable<Origin['role']>): boolean => path.includes('/ansible_collections/')

const ofOrigin = (origin: Origin): Named => [
  ['playbook_dir', origin.playDir],
  ['ansible_search_path', searchPath(origin)],
  ...(origin.role === undefined
    ? []
    : ([
        ['role_name', isInCollection(origin.role) ? basename(origin.role.path) : origin.role.name],
        ['ansible_role_name', origin.role.name],
        ['role_path', origin.role.path],
        ['ansible_parent_role_names', origin.role.parents],
      ] as const)),
]

const layer = (values: Named): Layer => dataLayer(rank.magic, 'magic variables', values)

/** A layer of variables whose values change during the run: each use evaluates them. */
const changing = (values: readonly (readonly [string, () => Value])[]): Layer => ({
  rank: rank.magic,
  name: 'magic variables',
  bindings: new Map(values.map(([name, now]) => [name, new CurrentValue(now)])),
})

class CurrentValue implements Binding {
  readonly data = true as const
  constructor(readonly now: () => Value) {}
  get value(): Value {
    return this.now()
  }
}

/** The version of ansible-core whose semantics tkplay follows. */
const ansibleVersion: Dict = new Map<string, Value>([
  ['full', '2.19.0'],
  ['major', 2],
  ['minor', 19],
  ['revision', 0],
  ['string', '2.19.0'],
])

import type { Transport } from '../core/connection.js'
import type { Event } from '../core/event.js'
import { TkplayError } from '../core/failure.js'
import type { Json } from '../core/json.js'
import type { Facts, Late, Session } from '../core/module.js'
import type { View } from '../core/role.js'
import type { RoleUse } from '../core/step.js'
import type { Unknown } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import type { RunContext } from './context.js'
import { Pending } from './dry-run/pending.js'
import { type Host, KnownHost } from './host.js'
import type { RunInput } from './input.js'
import { ofHost } from './machine/connection-vars.js'
import { Epochs } from './machine/epochs.js'
import { Machine } from './machine/machine.js'
import { openSession } from './machine/session.js'
import { LateValues } from './machine/shared-values.js'
import { targetKey, targetOf } from './machine/target.js'
import { JudgeFirst } from './preflight/judge-first.js'
import type { EffectOrder } from './schedule/effect-order.js'
import type { Slots } from './schedule/forks.js'
import { Locks } from './schedule/locks.js'
import { RunOnce } from './schedule/run-once.js'
import { StartAt } from './schedule/start-at.js'
import { Confirm } from './schedule/step-prompt.js'
import { maskEvent, secretsOf } from './step/redact.js'
import { comparePaths, type Path, theEnd } from './timeline/path.js'
import type { PlayHosts } from './timeline/play-hosts.js'
import type { Stage } from './timeline/play-run.js'
import { type Expanded, expandRole } from './variables/role-steps.js'
import { viewOf } from './variables/role-view.js'
import { Variables } from './variables/variables.js'

interface KeptSteps {
  readonly facts: Facts | undefined
  readonly certain: boolean
  readonly expanded: Expanded
}

/** What all hosts of a run share. */
export class RunState implements RunContext {
  readonly epochs = new Epochs()
  readonly pending = new Pending()
  readonly variables: Variables
  readonly late: LateValues
  /** How often a host's facts were forgotten. */
  factsCleared = 0
  readonly startAt: StartAt | undefined
  readonly confirm: Confirm | undefined
  /** What is refused before the first change. */
  readonly preflight: JudgeFirst
  /** The first batch that was given up. */
  #last: Path = theEnd
  /** A failure that is tkplay's own fault was reported. */
  sawBug = false
  /** Somebody was to be asked, and nobody is there. */
  saidNobodyAnswers = false
  readonly runOnce: RunOnce
  /** By place and step. */
  readonly throttles = new Map<string, Slots>()
  readonly #secrets: readonly string[]
  /** Nothing runs yet on a host that is being reached: the first Ctrl-C ends that at once. */
  readonly #reaching: Transport = {
    connect: target => this.input.transport.connect(target, { signal: this.input.stopping }),
    close: () => this.input.transport.close(),
  }
  /** Of each host, by the way it is reached. */
  readonly #machines = new Map<string, Map<string, Machine>>()
  readonly #locks = new Locks()
  readonly #elsewhere = new Map<string, KnownHost>()
  readonly #expanded = new WeakMap<RoleUse, Map<string, KeptSteps>>()

  constructor(
    readonly input: RunInput,
    readonly effectOrder: EffectOrder,
    readonly controls: ReadonlySet<string>,
    readonly hosts: ReadonlyMap<string, Host>,
  ) {
    this.variables = new Variables(input)
    this.runOnce = new RunOnce(effectOrder, name => hosts.get(name)?.standsAt)
    const ofHosts = input.hosts.names.flatMap(name => input.hosts.layersOf(name))
    this.#secrets = secretsOf([...input.settings, input.extra, ...ofHosts, ...input.plays.flatMap(play => play.vars)])
    this.startAt = input.startAt === undefined ? undefined : new StartAt(input.startAt, effectOrder)
    this.confirm = input.confirm === undefined ? undefined : new Confirm(input.confirm)
    this.preflight = new JudgeFirst(this)
    this.late = new LateValues({
      pick: pattern => this.pick(pattern).name,
      on: (host, work) => this.#asRoot(host, work),
      now: () => Date.now(),
    })
  }

  emit(event: Event): void {
    if ('failure' in event && event.failure?.failure.kind === 'bug') this.sawBug = true
    this.input.emit(maskEvent(event, this.#secrets))
  }

  /** @param options `over`: variables of a play or step that say how it is reached; another way makes it another machine. */
  machine(
    name: string,
    options: { readonly connection?: string; readonly remoteUser?: string; readonly over?: readonly Layer[] } = {},
  ): Machine {
    const { over = [] } = options
    const target = () => {
      const scope = this.variables.scope(name, { over })
      const isKeyword = (...words: readonly string[]): boolean => words.every(word => ofHost(scope, word) === undefined)
      return {
        ...targetOf(name, scope),
        ...(options.connection === 'local' && isKeyword('connection') ? { kind: 'local' as const } : {}),
        ...(options.remoteUser !== undefined && isKeyword('user', 'ssh_user') ? { user: options.remoteUser } : {}),
      }
    }
    const own = over.length === 0 ? '' : targetKey(target())
    const ways = this.#machines.get(name) ?? new Map<string, Machine>()
    this.#machines.set(name, ways)
    const way = JSON.stringify([options.connection, options.remoteUser, own])
    const known = ways.get(way)
    if (known !== undefined) return known
    const connected = (ms: number): void => this.emit({ kind: 'host-connected', host: name, ms })
    const machine = new Machine(name, target, this.#reaching, this.epochs, this.#locks, connected)
    machine.facts = this.factsOf(name)
    ways.set(way, machine)
    return machine
  }

  pick(pattern: string, over: readonly Layer[] = []): Machine {
    const names = this.input.hosts.select(pattern)
    const healthy = names.find(name => isHealthy(this.hosts.get(name)))
    if (healthy === undefined) {
      throw new TkplayError({
        kind: 'task-failed',
        message: `no host of '${pattern}' can be asked: ${names.length === 0 ? 'there is none' : `${names.join(', ')} failed`}`,
      })
    }
    return this.machine(healthy, { over })
  }

  /** any_errors_fatal, max_fail_percentage, or nobody left: no batch, and no play, that comes after this one is begun. */
  giveUp({ path }: Stage): void {
    if (comparePaths(path, this.#last) < 0) this.#last = path
  }

  isGivenUp({ path }: Stage): boolean {
    return comparePaths(path, this.#last) > 0
  }

  /** Whether this very batch, or one before it, is the last one. */
  isLast({ path }: Stage): boolean {
    return comparePaths(path, this.#last) >= 0
  }

  factsOf = (name: string): Facts | undefined => this.known(name).facts

  /** Where facts of a host are kept: one that is in no play may have some by what was delegated to it. */
  known(name: string): KnownHost {
    const known = this.hosts.get(name) ?? this.#elsewhere.get(name)
    if (known !== undefined) return known
    const made = new KnownHost(name)
    this.#elsewhere.set(name, made)
    this.variables.know(made)
    return made
  }

  learnFacts(name: string, facts: Facts): void {
    this.known(name).facts = facts
    for (const machine of this.#machinesOf(name)) machine.facts = facts
  }

  forgetFacts(host: Host): void {
    host.facts = undefined
    host.cacheable = new Map()
    this.factsCleared++
  }

  view(host: string, play: PlayHosts): View {
    return viewOf(host, play, this.variables, this.factsOf)
  }

  /**
   * A role's steps for a host. Those of looking ahead are kept for looking ahead again; they count at the role's turn only where
   * nothing in them was predicted or another host's.
   */
  expand(use: RoleUse, host: Host, play: PlayHosts, over: readonly Layer[] = []): Expanded | Unknown {
    const byHost = this.#expanded.get(use) ?? new Map<string, KeptSteps>()
    this.#expanded.set(use, byHost)
    const known = byHost.get(host.name)
    if (known?.facts === host.facts && known !== undefined && (known.certain || over.length > 0)) return known.expanded
    const elsewhere = host.looksElsewhere
    const scope = this.variables.scope(host.name, { over, play, step: use.inherits })
    const expanded = expandRole(this.input, use, scope, this.view(host.name, play))
    const certain = host.looksElsewhere === elsewhere && over.every(layer => layer.bindings.size === 0)
    if ('body' in expanded) byHost.set(host.name, { facts: host.facts, certain, expanded })
    return expanded
  }

  /** The host is through: its connections go, and come back should another host need it. */
  rest(name: string): void {
    for (const machine of this.#machinesOf(name)) machine.rest()
  }

  /** The host's connections go, when nobody is at work over them; the next use connects again. */
  async drop(name: string): Promise<void> {
    for (const machine of this.#machinesOf(name)) await machine.applying(false, () => machine.drop())
  }

  async close(): Promise<void> {
    await this.late.dispose((ref, error) =>
      this.emit({
        kind: 'warning',
        message: `${ref.key} could not be taken back: ${error instanceof Error ? error.message : String(error)}`,
      }),
    )
    await Promise.all(
      [...this.#machines.keys()].flatMap(name => this.#machinesOf(name).map(machine => machine.close())),
    )
  }

  roundTrips(name: string): number {
    return this.#machinesOf(name).reduce((sum, machine) => sum + machine.roundTrips, 0)
  }

  #machinesOf(name: string): readonly Machine[] {
    return [...(this.#machines.get(name)?.values() ?? [])]
  }

  #asRoot<T>(host: string, work: (session: Session) => Promise<T>): Promise<T> {
    const ways = [this.machine(host), ...this.#machinesOf(host)]
    // Variables of a play may say how it is reached: that way is open.
    const machine = ways.find(({ isConnected }) => isConnected) ?? this.machine(host)
    const session = openSession({
      machine,
      as: 'root',
      env: {},
      signal: this.input.abort,
      late: <L extends Json>(ref: Late<L>) => this.late.get(ref),
      progress: () => undefined,
    })
    // Without the host's lock: who asks for the value may hold it.
    return machine.changing(() => work(session))
  }
}

const isHealthy = (host: Host | undefined): boolean => host === undefined || host.status === 'live'

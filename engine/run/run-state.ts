import type { Transport } from '../core/connection.js'
import type { Event } from '../core/event.js'
import { TkplayError } from '../core/failure.js'
import type { Json } from '../core/json.js'
import type { Facts, Session, SharedValue } from '../core/module.js'
import type { Layer } from '../core/vars.js'
import type { RunContext } from './context.js'
import { Pending } from './dry-run/pending.js'
import { type Host, KnownHost } from './host.js'
import type { RunInput } from './input.js'
import { Epochs } from './machine/epochs.js'
import type { Machine } from './machine/machine.js'
import { MachinePool } from './machine/machine-pool.js'
import { openSession } from './machine/session.js'
import { SharedValues } from './machine/shared-values.js'
import { RunPreflight } from './preflight/run-preflight.js'
import { RunEvents } from './run-events.js'
import type { EffectOrder } from './schedule/effect-order.js'
import { LastBatch } from './schedule/last-batch.js'
import { RunOnce } from './schedule/run-once.js'
import { StartAt } from './schedule/start-at.js'
import { Confirm } from './schedule/step-prompt.js'
import { Throttle } from './schedule/throttle.js'
import { ExpandedRoles } from './variables/expanded-roles.js'
import { Variables } from './variables/variables.js'

/** The state that all hosts of a run share. */
export class RunState implements RunContext {
  readonly epochs = new Epochs()
  readonly pending = new Pending()
  readonly lastBatch = new LastBatch()
  readonly throttle = new Throttle()
  readonly variables: Variables
  readonly shared: SharedValues
  readonly startAt: StartAt | undefined
  readonly confirm: Confirm | undefined
  readonly preflight: RunPreflight
  readonly runOnce: RunOnce
  readonly roles: ExpandedRoles
  readonly machines: MachinePool
  readonly events: RunEvents
  #factsCleared = 0
  /** Hosts that are in no play. */
  readonly #outsidePlays = new Map<string, KnownHost>()

  constructor(
    readonly input: RunInput,
    readonly effectOrder: EffectOrder,
    readonly controls: ReadonlySet<string>,
    readonly hosts: ReadonlyMap<string, Host>,
  ) {
    this.variables = new Variables(input)
    this.runOnce = new RunOnce(effectOrder, name => hosts.get(name)?.stepId)
    const ofHosts = input.hosts.names.flatMap(name => input.hosts.layersOf(name))
    const layers = [...input.settings, input.extra, ...ofHosts, ...input.plays.flatMap(play => play.vars)]
    this.events = new RunEvents(event => this.input.emit(event), layers)
    this.startAt = input.startAt === undefined ? undefined : new StartAt(input.startAt, effectOrder)
    this.confirm = input.confirm === undefined ? undefined : new Confirm(input.confirm)
    this.preflight = new RunPreflight(this)
    this.roles = new ExpandedRoles(input, this.variables, this.factsOf)
    this.machines = new MachinePool({
      transport: interruptible(input),
      epochs: this.epochs,
      scope: (name, over) => this.variables.scope(name, { over }),
      factsOf: this.factsOf,
      connected: (host, ms) => this.emit({ kind: 'host-connected', host, ms }),
    })
    this.shared = new SharedValues({
      pick: pattern => this.pick(pattern).name,
      on: (host, work) => this.#asRoot(host, work),
      now: () => Date.now(),
    })
  }

  emit(event: Event): void {
    this.events.emit(event)
  }

  warnOnce(message: string): void {
    this.events.warnOnce(message)
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
    return this.machines.get(healthy, { over })
  }

  factsOf = (name: string): Facts | undefined => this.known(name).facts

  get factsCleared(): number {
    return this.#factsCleared
  }

  known(name: string): KnownHost {
    const known = this.hosts.get(name) ?? this.#outsidePlays.get(name)
    if (known !== undefined) return known
    const made = new KnownHost(name)
    this.#outsidePlays.set(name, made)
    this.variables.know(made)
    return made
  }

  learnFacts(name: string, facts: Facts): void {
    this.known(name).learnFacts(facts)
    for (const machine of this.machines.of(name)) machine.learnFacts(facts)
  }

  forgetFacts(host: Host): void {
    host.forgetFacts()
    this.#factsCleared++
  }

  async close(): Promise<void> {
    await this.shared.dispose((ref, error) =>
      this.emit({
        kind: 'warning',
        message: `${ref.key} could not be taken back: ${error instanceof Error ? error.message : String(error)}`,
      }),
    )
    await this.machines.close()
  }

  #asRoot<T>(host: string, work: (session: Session) => Promise<T>): Promise<T> {
    const machines = [this.machines.get(host), ...this.machines.of(host)]
    // Connection options of a play may apply: a machine that is connected is preferred.
    const machine = machines.find(({ isConnected }) => isConnected) ?? this.machines.get(host)
    const session = openSession({
      machine,
      as: 'root',
      env: {},
      signal: this.input.abort,
      shared: <L extends Json>(ref: SharedValue<L>) => this.shared.get(ref),
      progress: () => undefined,
    })
    // Without the host's lock, since the caller may hold it.
    return machine.changing(() => work(session))
  }
}

/** The transport, whose connecting ends at the first Ctrl-C: nothing runs on the host yet. */
const interruptible = ({ transport, stopping }: RunInput): Transport => ({
  connect: target => transport.connect(target, { signal: stopping }),
  close: () => transport.close(),
})

const isHealthy = (host: Host | undefined): boolean => host === undefined || host.status === 'live'

import type { HostRecap, StepName } from '../core/event.js'
import type { Facts } from '../core/module.js'
import type { Value } from '../core/value.js'
import type { Binding } from '../core/vars.js'
import { HostState } from './failure/host-state.js'
import { PendingHandlers } from './handlers/pending-handlers.js'
import { Logins } from './machine/login.js'
import type { Slot } from './schedule/forks.js'
import type { Timeline } from './timeline/timeline.js'
import { IncludedLayers } from './variables/included-layers.js'
import type { HostVariables } from './variables/variables.js'

/**
 * Steps that are read ahead after a change. The window doubles each time its answers stay fresh, so that the number of
 * reads grows with the number of changes, and not with its square.
 */
const windowAfterChange = 4
const widest = 4096

/** Facts and registered results of a host. */
export class KnownHost implements HostVariables {
  readonly included = new IncludedLayers()
  readonly #registered = new Map<string, Binding>()
  #facts: Facts | undefined
  #cacheable: ReadonlyMap<string, Value> = new Map()
  #looksElsewhere = 0

  constructor(readonly name: string) {}

  get facts(): Facts | undefined {
    return this.#facts
  }

  get cacheable(): ReadonlyMap<string, Value> {
    return this.#cacheable
  }

  get registered(): ReadonlyMap<string, Binding> {
    return this.#registered
  }

  /** How often expressions of the host read variables of other hosts. */
  get looksElsewhere(): number {
    return this.#looksElsewhere
  }

  lookElsewhere(): void {
    this.#looksElsewhere++
  }

  register(name: string, value: Value): void {
    this.#registered.set(name, { value, data: true })
  }

  learnFacts(facts: Facts): void {
    this.#facts = facts
  }

  /** Stores a fact of `set_fact` with `cacheable`. @param name without `ansible_` */
  cacheFact(name: string, value: Value): void {
    this.#cacheable = new Map([...this.#cacheable, [name, value]])
  }

  forgetFacts(): void {
    this.#facts = undefined
    this.#cacheable = new Map()
  }
}

/** A host of the run: its variables, its position, and its state. */
export class Host extends KnownHost {
  readonly handlers = new PendingHandlers()
  readonly state = new HostState()
  /** Users for whom the leftovers of an earlier run were read. */
  readonly askedForLeftovers = new Logins()
  #window = widest
  #stepId: string | undefined
  #current: StepName | undefined

  constructor(
    name: string,
    readonly timeline: Timeline,
    readonly slot: Slot,
  ) {
    super(name)
  }

  /** How many steps are read ahead. */
  get window(): number {
    return this.#window
  }

  /**
   * The id of the current step; other hosts may have included another step at the same path. Undefined before the
   * first.
   */
  get stepId(): string | undefined {
    return this.#stepId
  }

  /** The last step that the host began. */
  get current(): StepName | undefined {
    return this.#current
  }

  comeTo(stepId: string): void {
    this.#stepId = stepId
  }

  begin(step: StepName): void {
    this.#current = step
  }

  /** The user ended the run. */
  stop(how: NonNullable<HostRecap['stopped']>['how']): void {
    this.state.stop({ step: this.#current?.name ?? 'the first step', how })
  }

  get status(): HostState['status'] {
    return this.state.status
  }

  changed(): void {
    this.#window = windowAfterChange
  }

  windowHeld(): void {
    this.#window = Math.min(this.#window * 2, widest)
  }
}

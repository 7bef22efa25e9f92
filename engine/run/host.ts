import type { HostRecap, StepName } from '../core/event.js'
import type { Facts } from '../core/module.js'
import type { Play } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Binding, Layer } from '../core/vars.js'
import { HostState } from './failure/host-state.js'
import { PendingHandlers } from './handlers/pending-handlers.js'
import type { Login } from './machine/login.js'
import type { Slot } from './schedule/forks.js'
import type { Timeline } from './timeline/timeline.js'
import type { HostVariables } from './variables/variables.js'

/** After a change only this much is read ahead, doubled with each window that held: reads in proportion to changes, not their square. */
const windowAfterChange = 4
const widest = 4096

/** What is known of a host beside inventory and play. */
export class KnownHost implements HostVariables {
  facts: Facts | undefined
  readonly registered = new Map<string, Binding>()
  readonly included: Layer[] = []
  cacheable: ReadonlyMap<string, Value> = new Map()
  /** How often its expressions asked for variables of other hosts. */
  looksElsewhere = 0

  constructor(readonly name: string) {}

  lookElsewhere(): void {
    this.looksElsewhere++
  }

  register(name: string, value: Value): void {
    this.registered.set(name, { value, data: true })
  }
}

/** A host of the run: its variables, where it is, and how it fared. */
export class Host extends KnownHost {
  /** vars_files with host variables in their names that are loaded, each with its layer. */
  readonly varsFiles = new Map<object, Layer>()
  /** Variables of roles that `include_role: {public: true}` brought, each with its play. */
  readonly exposed = new Map<Layer, Play>()
  readonly handlers = new PendingHandlers()
  readonly state = new HostState()
  /** Users that were asked what an earlier run left behind. */
  readonly askedForLeftovers: Login[] = []
  window = widest
  /** The step, by its id, at the place where it stands: another host may have included other tasks there. Undefined: before its first. */
  standsAt: string | undefined
  current: StepName | undefined
  constructor(
    name: string,
    readonly timeline: Timeline,
    readonly slot: Slot,
  ) {
    super(name)
  }

  /** The user ended the run. */
  stop(how: NonNullable<HostRecap['stopped']>['how']): void {
    this.state.stop({ step: this.current?.name ?? 'the first step', how })
  }

  get status(): HostState['status'] {
    return this.state.status
  }

  changed(): void {
    this.window = windowAfterChange
  }

  windowHeld(): void {
    this.window = Math.min(this.window * 2, widest)
  }
}

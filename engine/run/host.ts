import type { HostRecap, StepName } from '../core/event.js'
import type { Failure } from '../core/failure.js'
import type { Facts } from '../core/module.js'
import type { Play } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Binding, Layer } from '../core/vars.js'
import type { Login } from './machine/login.js'
import type { Slot } from './schedule/forks.js'
import type { Timeline } from './timeline/timeline.js'
import type { HostVariables } from './variables/variables.js'

/** After a change only this much is read ahead, doubled with each window that held: reads in proportion to changes, not their square. */
const windowAfterChange = 4
const widest = 4096

type Counts = { -readonly [K in Exclude<keyof HostRecap, 'stopped' | 'roundTrips'>]: number }

/** A notification that is written down on the host, by this user. */
export interface Owed extends Login {
  readonly owner: string
}

/** A notification of an earlier run, with its file on the host. */
export interface Inherited extends Owed {
  readonly name: string
  readonly file: string
  /** A play of this run has its handler, and that was said. */
  isTaken: boolean
}

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
  readonly notified = new Set<string>()
  /** Where notifications are written down, by name: a user's own are found and taken back as that user. */
  readonly owed = new Map<string, Owed>()
  /** What an earlier run owed. */
  readonly inherited: Inherited[] = []
  /**
   * Handlers, by id, whose turn came since they were last notified. One that failed is not tried again in this run, but owed to the
   * next; a topic is owed until all that listen to it are done.
   */
  readonly handlersRun = new Map<string, 'begun' | 'done'>()
  /** The failure that `counts` has: where it goes through an `always`, a rescue may take it over later. */
  counted: Failure | undefined
  /** A rescue took over what failed: a handler that did is not owed any more. */
  isRescued = false
  /** Dry run: whom steps would notify of which it is not known whether they change anything. */
  readonly perhapsNotified = new Set<string>()
  status: 'live' | 'failed' | 'unreachable' = 'live'
  /** Where it was looked for what an earlier run left behind. */
  readonly greeted: Login[] = []
  window = widest
  /** The step, by its id, at the place where it stands: another host may have included other tasks there. Undefined: before its first. */
  standsAt: string | undefined
  stopped: HostRecap['stopped']
  current: StepName | undefined
  readonly counts: Counts = {
    ok: 0,
    changed: 0,
    wouldChange: 0,
    unknown: 0,
    skipped: 0,
    failed: 0,
    ignored: 0,
    rescued: 0,
    unreachable: 0,
    notIdempotent: 0,
    executedInCheck: 0,
    onlyInRun: 0,
  }

  constructor(
    name: string,
    readonly timeline: Timeline,
    readonly slot: Slot,
  ) {
    super(name)
  }

  /** The user ended the run. */
  stop(how: NonNullable<HostRecap['stopped']>['how']): void {
    this.stopped ??= { step: this.current?.name ?? 'the first step', how }
  }

  changed(): void {
    this.window = windowAfterChange
  }

  windowHeld(): void {
    this.window = Math.min(this.window * 2, widest)
  }
}

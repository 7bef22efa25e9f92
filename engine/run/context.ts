import type { Event, StepName } from '../core/event.js'
import type { Facts } from '../core/module.js'
import type { Step } from '../core/step.js'
import type { Layer } from '../core/vars.js'
import type { Pending } from './dry-run/pending.js'
import type { Host, KnownHost } from './host.js'
import type { RunInput } from './input.js'
import type { Epochs } from './machine/epochs.js'
import type { Machine } from './machine/machine.js'
import type { MachinePool } from './machine/machine-pool.js'
import type { SharedValues } from './machine/shared-values.js'
import type { EffectOrder } from './schedule/effect-order.js'
import type { LastBatch } from './schedule/last-batch.js'
import type { RunOnce } from './schedule/run-once.js'
import type { StartAt } from './schedule/start-at.js'
import type { Confirm } from './schedule/step-prompt.js'
import type { Throttle } from './schedule/throttle.js'
import { nameOf } from './step/step-name.js'
import type { Path } from './timeline/path.js'
import { gatherFactsId, type Stage } from './timeline/play-run.js'
import type { ExpandedRoles } from './variables/expanded-roles.js'
import type { VariableScope } from './variables/scope.js'
import type { Variables } from './variables/variables.js'

/** What all hosts of a run share, as a step sees it. `RunState` makes it. */
export interface RunContext {
  readonly input: RunInput
  readonly preflight: Preflight
  readonly effectOrder: EffectOrder
  /** Names of the steps that ask no host. */
  readonly controls: ReadonlySet<string>
  readonly hosts: ReadonlyMap<string, Host>
  readonly epochs: Epochs
  readonly pending: Pending
  readonly variables: Variables
  readonly shared: SharedValues
  readonly startAt: StartAt | undefined
  readonly confirm: Confirm | undefined
  readonly runOnce: RunOnce
  readonly lastBatch: LastBatch
  readonly throttle: Throttle
  readonly machines: MachinePool
  readonly roles: ExpandedRoles
  /** How often a host's facts were forgotten. */
  readonly factsCleared: number
  emit(event: Event): void
  /** A warning that is the same for all hosts. */
  warnOnce(message: string): void
  /** The first healthy host of the pattern. @throws TkplayError where there is none */
  pick(pattern: string, over?: readonly Layer[]): Machine
  factsOf(name: string): Facts | undefined
  /** Where facts of a host are kept: one that is in no play may have some by what was delegated to it. */
  known(name: string): KnownHost
  learnFacts(name: string, facts: Facts): void
  forgetFacts(host: Host): void
}

/** What is refused anywhere in the run ends it before its first change. */
export interface Preflight {
  /** Whether the host goes on with the step or role. Where not, it has been led to where its failure leads. */
  lets(context: StepContext): Promise<boolean>
}

/** Where a host stands: in which batch of which play, at which path, and whether among the handlers. */
export interface Position {
  readonly run: RunContext
  readonly host: Host
  readonly stage: Stage
  readonly path: Path
  readonly handler: boolean
}

/** One of perhaps several tries at a step. */
export interface Try {
  /** Its number, where `until` counts tries: the result holds it as `attempts`. */
  readonly number?: number
  /** What was read before counts no more. */
  readonly isAgain: boolean
}

/** One step on one host, or one item of its loop: where it stands, what its expressions see, and what of it is secret. */
export class StepContext implements Position {
  readonly run: RunContext
  readonly host: Host
  readonly stage: Stage
  readonly path: Path
  readonly handler: boolean
  readonly #whole: StepContext | undefined
  readonly #secrets = new Set<string>()
  #name: StepName | undefined

  /**
   * @param over variables over those of host, play and step: those of a loop's item
   * @param whole the step of which this is an item or a try
   */
  constructor(
    { run, host, stage, path, handler }: Position,
    readonly step: Step,
    readonly over: readonly Layer[] = [],
    readonly tried: Try = { isAgain: false },
    whole?: StepContext,
  ) {
    this.run = run
    this.host = host
    this.stage = stage
    this.path = path
    this.handler = handler
    this.#whole = whole
  }

  /** What its effects wait for: that all hosts have come to its path, or to its batch where effects need no order. */
  get order(): Path {
    return this.stage.state.play.strategy === 'linear' ? this.path : this.stage.path
  }

  /** Whether it is the step that the engine itself puts before a play's own. */
  get gathersFacts(): boolean {
    return this.step.id === gatherFactsId(this.stage.state.play)
  }

  /** As it is when it is first asked for; of an item, and of a try, the step's. */
  get name(): StepName {
    if (this.#whole !== undefined) return this.#whole.name
    this.#name ??= nameOf(this.step, this.scope(), this.stage, this.handler)
    return this.#name
  }

  /** Texts that must not be shown: those of its items too. */
  get secrets(): readonly string[] {
    return [...this.#secrets]
  }

  hide(texts: readonly string[]): void {
    for (const text of texts) this.#secrets.add(text)
    this.#whole?.hide(texts)
  }

  /** What its expressions see. A scope keeps what it has rendered: whoever evaluates anew makes a new one. */
  scope(more: readonly Layer[] = []): VariableScope {
    const { run, host, stage, step } = this
    return run.variables.scope(host.name, { play: stage.hosts, step, over: [...this.over, ...more] })
  }

  withItem(layer: Layer): StepContext {
    return new StepContext(this, this.step, [...this.over, layer], this.tried, this)
  }

  withTry(tried: Try): StepContext {
    return new StepContext(this, this.step, this.over, tried, this)
  }

  /** The same step with other keywords. */
  withStep(step: Step): StepContext {
    return new StepContext(this, step, this.over, this.tried, this)
  }

  /** Another step at the same position. */
  at(step: Step): StepContext {
    return new StepContext(this, step)
  }
}

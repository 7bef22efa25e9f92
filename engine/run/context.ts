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

/** The state that all hosts of a run share, as steps see it. Made by `RunState`. */
export interface RunContext {
  readonly input: RunInput
  readonly preflight: Preflight
  readonly effectOrder: EffectOrder
  /** Names of the modules that run on the controller only. */
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
  /** How many times the facts of any host were cleared. */
  readonly factsCleared: number
  emit(event: Event): void
  /** Emits a warning about the whole run; the same message only once. */
  warnOnce(message: string): void
  /** The first host of the pattern that has not failed. @throws TkplayError where there is none */
  pick(pattern: string, over?: readonly Layer[]): Machine
  factsOf(name: string): Facts | undefined
  /** The facts and registered results of a host, which may be in no play: tasks may be delegated to it. */
  known(name: string): KnownHost
  learnFacts(name: string, facts: Facts): void
  forgetFacts(host: Host): void
}

/** Looks for refusals before the first change: one refusal on any host ends the run for all. */
export interface Preflight {
  /** Whether the host may go on with the step or role. If not, its failure has already been routed. */
  lets(context: StepContext): Promise<boolean>
}

/** A position of a host: the batch of a play, the path, and whether it is in the handlers. */
export interface Position {
  readonly run: RunContext
  readonly host: Host
  readonly stage: Stage
  readonly path: Path
  readonly handler: boolean
}

/** One attempt at a step. */
export interface Try {
  /** The number of the attempt, where `until` counts them: `attempts` in the result. */
  readonly number?: number
  /** Whether this is a repetition, for which everything has to be read again. */
  readonly isAgain: boolean
}

/** One step on one host, or one item of its loop: its position, the variables of its expressions, and its secrets. */
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
   * @param over variables that win over those of host, play and step: those of a loop item
   * @param whole the step of which this is an item or an attempt
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

  /**
   * The position that all hosts must have reached before the step may have effects: the step itself, or the batch where
   * effects need no order.
   */
  get order(): Path {
    return this.stage.state.play.strategy === 'linear' ? this.path : this.stage.path
  }

  /** Whether this is the step that gathers facts, which the engine adds before a play's own steps. */
  get gathersFacts(): boolean {
    return this.step.id === gatherFactsId(this.stage.state.play)
  }

  /** The rendered name. It is rendered once; an item and an attempt have the step's name. */
  get name(): StepName {
    if (this.#whole !== undefined) return this.#whole.name
    this.#name ??= nameOf(this.step, this.scope(), this.stage, this.handler)
    return this.#name
  }

  /** Texts that must not be shown, those of the items included. */
  get secrets(): readonly string[] {
    return [...this.#secrets]
  }

  hide(texts: readonly string[]): void {
    for (const text of texts) this.#secrets.add(text)
    this.#whole?.hide(texts)
  }

  /**
   * The variables for the step's expressions. A scope caches rendered values, so a new evaluation needs a new scope.
   */
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

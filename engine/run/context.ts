import type { Event } from '../core/event.js'
import type { Facts } from '../core/module.js'
import type { View } from '../core/role.js'
import type { RoleUse } from '../core/step.js'
import type { Unknown } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import type { Pending } from './dry-run/pending.js'
import type { Host, KnownHost } from './host.js'
import type { RunInput } from './input.js'
import type { Epochs } from './machine/epochs.js'
import type { Machine } from './machine/machine.js'
import type { LateValues } from './machine/shared-values.js'
import type { Gate } from './schedule/effect-order.js'
import type { Slots } from './schedule/forks.js'
import type { RunOnce } from './schedule/run-once.js'
import type { StartAt } from './schedule/start-at.js'
import type { Confirm } from './schedule/step-prompt.js'
import type { PlayHosts } from './timeline/play-hosts.js'
import type { Stage } from './timeline/play-run.js'
import type { Expanded } from './variables/role-steps.js'
import type { Variables } from './variables/variables.js'

/** What all hosts of a run share, as a step sees it. `RunState` makes it. */
export interface RunContext {
  readonly input: RunInput
  readonly gate: Gate
  /** Names of the steps that ask no host. */
  readonly controls: ReadonlySet<string>
  readonly hosts: ReadonlyMap<string, Host>
  readonly epochs: Epochs
  readonly pending: Pending
  readonly variables: Variables
  readonly late: LateValues
  readonly startAt: StartAt | undefined
  readonly confirm: Confirm | undefined
  readonly onceOnly: RunOnce
  /** Slots of `throttle`, by place and step. */
  readonly throttles: Map<string, Slots>
  /** How often a host's facts were forgotten. */
  readonly factsCleared: number
  /** Somebody was to be asked, and nobody is there. */
  saidNobodyAnswers: boolean
  emit(event: Event): void
  /** @param options `over`: variables of a play or step that say how it is reached; another way makes it another machine. */
  machine(
    name: string,
    options?: { readonly connection?: string; readonly remoteUser?: string; readonly over?: readonly Layer[] },
  ): Machine
  /** The first healthy host of the pattern. @throws TkplayError where there is none */
  pick(pattern: string, over?: readonly Layer[]): Machine
  /** No batch, and no play, that comes after this one is begun. */
  giveUp(stage: Stage): void
  isGivenUp(stage: Stage): boolean
  /** Whether this very batch, or one before it, is the last one. */
  isLast(stage: Stage): boolean
  factsOf(name: string): Facts | undefined
  /** Where facts of a host are kept: one that is in no play may have some by what was delegated to it. */
  known(name: string): KnownHost
  learnFacts(name: string, facts: Facts): void
  forgetFacts(host: Host): void
  view(host: string, play: PlayHosts): View
  /** A role's steps for a host. */
  expand(use: RoleUse, host: Host, play: PlayHosts, over?: readonly Layer[]): Expanded | Unknown
  /** The host's connections go, when nobody is at work over them; the next use connects again. */
  drop(name: string): Promise<void>
}

import type { Step } from '../core/step.js'
import type { Host } from './host.js'
import type { Path } from './path.js'
import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'
import type { Waiting } from './turn.js'

/** Where a host is: in which batch of which play, at which path, and whether a handler's turn it is. */
export interface Place {
  readonly run: RunState
  readonly host: Host
  readonly stage: Stage
  readonly path: Path
  readonly handler: boolean
}

/** What the gate is asked for: the step's place, or its batch's where effects need no order. */
export const waitingAt = ({ run, host, stage, path }: Place): Waiting => ({
  run,
  host,
  stage,
  order: stage.state.play.strategy === 'linear' ? path : stage.path,
})

/** Where hosts of a batch meet: in one place of it, at one step. Hosts may have included different files there. */
export const spotOf = (path: Path, { id }: Step): string => JSON.stringify([path, id])

export const stop = (host: Host, how: NonNullable<Host['stopped']>['how']): void => {
  host.stopped ??= { step: host.current?.name ?? 'the first step', how }
}

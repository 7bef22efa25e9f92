import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import type { Waiting } from '../schedule/wait-turn.js'
import type { Path } from '../timeline/path.js'
import type { Stage } from '../timeline/play-run.js'

/** Where a host is: in which batch of which play, at which path, and whether a handler's turn it is. */
export interface Place {
  readonly run: RunContext
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

export const stop = (host: Host, how: NonNullable<Host['stopped']>['how']): void => {
  host.stopped ??= { step: host.current?.name ?? 'the first step', how }
}

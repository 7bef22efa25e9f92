import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'

/**
 * A role's steps look at the facts of all hosts of the play: whether all have come that will. A host that has passed the gathering
 * without any (it was skipped, failed and was ignored, or cleared) brings none.
 */
export const factsAreIn = (run: RunState, stage: Stage): boolean =>
  !stage.state.play.gatherFacts ||
  stage.hosts.all.every(name => {
    const host = run.hosts.get(name)
    return host === undefined || host.status !== 'live' || host.facts !== undefined || isPast(run, stage, name)
  })

const isPast = (run: RunState, { state }: Stage, host: string): boolean => {
  const [play = 0, , step = 0] = run.gate.position(host)
  return play > state.index || (play === state.index && step > 0)
}

import type { RunContext } from '../context.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * A role's steps look at the facts of all hosts of the play: whether all have come that will. A host that has passed the gathering
 * without any (it was skipped, failed and was ignored, or cleared) brings none.
 */
export const factsAreIn = (run: RunContext, stage: Stage): boolean => {
  const { state, hosts } = stage
  if (!state.play.gatherFacts) return true
  return state.progress.haveFacts(hosts.all, run.factsCleared, name => {
    const host = run.hosts.get(name)
    return host === undefined || host.status !== 'live' || host.facts !== undefined || isPast(run, stage, name)
  })
}

const isPast = (run: RunContext, { state }: Stage, host: string): boolean => {
  const [play = 0, , step = 0] = run.effectOrder.position(host)
  return play > state.index || (play === state.index && step > 0)
}

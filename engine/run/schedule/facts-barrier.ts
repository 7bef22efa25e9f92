import type { RunContext } from '../context.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * Whether the facts of all hosts of the play are gathered, which roles need. A host that is past the gathering without
 * facts (it was skipped, failed and was ignored, or cleared) is not waited for.
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

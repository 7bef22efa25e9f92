import type { RunContext } from '../context.js'
import type { Stage } from '../timeline/play-run.js'

/**
 * A role's steps look at the facts of all hosts of the play: whether all have come that will. A host that has passed the gathering
 * without any (it was skipped, failed and was ignored, or cleared) brings none.
 */
export const factsAreIn = (run: RunContext, stage: Stage): boolean => {
  const { state, hosts } = stage
  if (!state.play.gatherFacts) return true
  const { factsIn } = state
  // Each waiting host asks whenever another one moves: who is in stays in, and is not looked at again.
  if (factsIn.cleared !== run.factsCleared) Object.assign(factsIn, { hosts: 0, cleared: run.factsCleared })
  const isIn = (name: string): boolean => {
    const host = run.hosts.get(name)
    return host === undefined || host.status !== 'live' || host.facts !== undefined || isPast(run, stage, name)
  }
  for (let next = hosts.all[factsIn.hosts]; next !== undefined && isIn(next); next = hosts.all[factsIn.hosts]) {
    factsIn.hosts++
  }
  return factsIn.hosts === hosts.all.length
}

const isPast = (run: RunContext, { state }: Stage, host: string): boolean => {
  const [play = 0, , step = 0] = run.effectOrder.position(host)
  return play > state.index || (play === state.index && step > 0)
}

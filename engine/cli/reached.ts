import { noScope } from '../core/expr.js'
import type { Node, Play, Step } from '../core/step.js'
import { patternText } from '../inventory/pattern-text.js'
import { controls } from '../playbook/controls.js'
import type { LoadedPlaybooks } from '../playbook/playbook.js'
import type { Project } from './project.js'
import type { Reached } from './reach.js'

/** Which hosts the plays connect to, as far as it is known before. To be asked when the patterns are known to be right. */
export const reachedBy = (
  { inventory }: Project,
  { plays, names }: LoadedPlaybooks,
  limit: string | undefined,
): readonly Reached[] => {
  const allowed = limit === undefined ? undefined : new Set(inventory.select(limit))
  const here = names.open || plays.some(play => worksHere(play))
  return plays.flatMap((play, index) => {
    // The keyword says how all of its hosts are reached.
    if (!play.hosts.constant || play.inherits.connection !== undefined) return []
    const hosts = inventory.select(patternText(play.hosts.evaluate(noScope)))
    const certain = play.gatherFacts || stepsOf(play.body).some(connects)
    const becomes = [play.inherits, ...stepsOf(play.body)].some(({ become }) => become.become !== undefined)
    const prepared = here && !(index === 0 && play.gatherFacts)
    return hosts
      .filter(host => allowed?.has(host) ?? true)
      .map(host => ({ host, vars: play.vars, elsewhere: names.known, certain, becomes, prepared }))
  })
}

const worksHere = (play: Play): boolean =>
  (play.hosts.constant && /\b(?:localhost|127\.0\.0\.1)\b/.test(patternText(play.hosts.evaluate(noScope)))) ||
  play.inherits.connection !== undefined ||
  stepsOf(play.body).some(({ delegateTo, connection }) => delegateTo !== undefined || connection !== undefined)

/** Control steps and what is delegated need no connection to the host. */
const connects = ({ module, when, delegateTo, connection }: Step): boolean =>
  when.length === 0 && delegateTo === undefined && connection === undefined && !controls.has(module)

const stepsOf = (nodes: readonly Node[]): readonly Step[] =>
  nodes.flatMap(node => {
    if (node.kind === 'role') return []
    return node.kind === 'block' ? stepsOf([...node.body, ...node.rescue, ...node.always]) : [node]
  })

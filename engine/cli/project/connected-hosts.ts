import { connectionKind } from '../../core/connection-options.js'
import { noScope } from '../../core/expr.js'
import type { Node, Play, Step } from '../../core/step.js'
import { winning } from '../../core/vars.js'
import type { Inventory } from '../../inventory/inventory.js'
import { patternText } from '../../inventory/pattern-text.js'
import { controls } from '../../playbook/control/controls.js'
import type { LoadedPlaybooks } from '../../playbook/playbook.js'
import type { ConnectedHost } from './check-connections.js'
import type { Project } from './project.js'

/**
 * The hosts that the plays connect to, as far as it is known before the run. Call this after the patterns were checked.
 */
export const connectedHosts = (
  { inventory }: Project,
  { plays, names }: LoadedPlaybooks,
  { limit, connects }: { readonly limit: string | undefined; readonly connects: boolean },
): readonly ConnectedHost[] => {
  const allowed = limit === undefined ? undefined : new Set(inventory.select(limit))
  const here = !connects || names.open || plays.some(play => worksHere(inventory, play))
  return plays.flatMap((play, index) => {
    // With the keyword `connection` the variables are not used.
    if (!play.hosts.constant || play.inherits.connection !== undefined) return []
    const hosts = inventory.selectForPlay(patternText(play.hosts.evaluate(noScope)))
    const works = play.gatherFacts || stepsOf(play.body).some(needsHost)
    const certain = works && play.inherits.ignoreUnreachable === undefined
    const becomes = [play.inherits, ...stepsOf(play.body)].some(({ become }) => become.become !== undefined)
    const prepared = here && !(connects && index === 0 && play.gatherFacts)
    return hosts
      .filter(host => allowed?.has(host) ?? true)
      .map(host => ({ host, vars: play.vars, elsewhere: names.known, certain, becomes, prepared }))
  })
}

/** Whether a play may run a task on this machine. An include counts as one, since its tasks are not known. */
const worksHere = (inventory: Inventory, { hosts, inherits, body }: Play): boolean =>
  !hosts.constant ||
  inventory.selectForPlay(patternText(hosts.evaluate(noScope))).some(host => isLocal(inventory, host)) ||
  [inherits, ...stepsOf(body)].some(
    ({ module, delegateTo, connection }) =>
      delegateTo !== undefined || connection !== undefined || module.startsWith('include_'),
  )

const isLocal = (inventory: Inventory, host: string): boolean => {
  const word = winning('ansible_connection', inventory.layersOf(host))?.value
  return host === 'localhost' || (word !== undefined && connectionKind(String(word)) !== 'ssh')
}

/** Control steps and delegated tasks need no connection to the host. */
const needsHost = ({ module, when, delegateTo, connection }: Step): boolean =>
  when.length === 0 && delegateTo === undefined && connection === undefined && !controls.has(module)

const stepsOf = (nodes: readonly Node[]): readonly Step[] =>
  nodes.flatMap(node => {
    if (node.kind === 'role') return []
    return node.kind === 'block' ? stepsOf([...node.body, ...node.rescue, ...node.always]) : [node]
  })

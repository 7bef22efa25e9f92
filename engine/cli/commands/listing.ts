import { noScope } from '../../core/expr.js'
import type { Node, Play } from '../../core/step.js'
import type { Inventory } from '../../inventory/inventory.js'
import { patternText } from '../../inventory/pattern-text.js'
import type { Flags } from '../options.js'
import { hostsOf } from '../project/target-hosts.js'

/** The lines for --list-hosts, --list-tasks and --list-tags; undefined without any of these flags. */
export const listing = (
  plays: readonly Play[],
  flags: Flags,
  inventory: Inventory,
  selects: (tags: readonly string[]) => boolean,
): readonly string[] | undefined => {
  if (flags.listHosts !== true && flags.listTasks !== true && flags.listTags !== true) return undefined
  return plays.flatMap(play => {
    const steps = stepsOf(play.body).filter(step => selects(step.tags))
    return [
      `play: ${play.name}`,
      ...(flags.listHosts === true
        ? hostsOf(inventory, patternText(play.hosts.evaluate(noScope)), flags.limit).map(name => `  ${name}`)
        : []),
      ...(flags.listTasks === true
        ? steps.map(step => `  ${step.name}${step.tags.length === 0 ? '' : ` [${step.tags.join(', ')}]`}`)
        : []),
      ...(flags.listTags === true
        ? [`  tags: ${[...new Set(steps.flatMap(step => step.tags))].sort().join(', ')}`]
        : []),
    ]
  })
}

interface Listed {
  readonly name: string
  readonly tags: readonly string[]
}

/** Steps by name. A TypeScript role is listed as one line, since its steps depend on hosts and facts. */
const stepsOf = (nodes: readonly Node[]): readonly Listed[] =>
  nodes.flatMap(node => {
    if (node.kind === 'role') return [{ name: `role ${node.role.name}`, tags: node.inherits.tags }]
    if (node.kind === 'block') return stepsOf([...node.body, ...node.rescue, ...node.always])
    if (node.module === 'meta') return []
    const role = node.origin.role === undefined ? '' : `${node.origin.role.name} : `
    return [{ name: `${role}${node.name?.text ?? node.module}`, tags: node.tags }]
  })

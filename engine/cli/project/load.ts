import { resolve } from 'node:path'
import { mentioned } from '../../config/ansible-cfg.js'
import { noScope } from '../../core/expr.js'
import { optional } from '../../core/omit-undefined.js'
import type { Play } from '../../core/step.js'
import { patternText } from '../../inventory/pattern-text.js'
import type { LoadedPlaybooks } from '../../playbook/playbook.js'
import { loadPlaybook } from '../../playbook/playbook.js'
import type { TemplateEnv } from '../../template/index.js'
import { checkConnections } from './check-connections.js'
import { connectedHosts } from './connected-hosts.js'
import type { ModuleTable } from './modules.js'
import type { Project } from './project.js'
import { checkTargets, hostsOf, isLocal, noInventory, type Target } from './target-hosts.js'

export type Loaded = LoadedPlaybooks

interface LoadOptions {
  readonly templates: TemplateEnv
  readonly modules: ModuleTable
  /** -l */
  readonly limit: string | undefined
  /** Whether this command connects to hosts. */
  readonly connects: boolean
  /** Whether a task with these tags certainly runs. */
  readonly selects?: (tags: readonly string[]) => boolean
  /** Whether to check the plays even without an inventory, as far as possible. */
  readonly mayLackInventory: boolean
}

/** Reads playbooks and checks everything that can be checked before connecting. @throws ConfigError with all errors */
export const loadPlays = async (
  project: Project,
  playbooks: readonly string[],
  { templates, modules, limit, connects, selects, mayLackInventory }: LoadOptions,
): Promise<Loaded> => {
  const { extra, settings, inventory } = project
  const lacks = mayLackInventory && settings.inventory.length === 0
  const loaded = await loadPlaybook(playbooks, {
    modules,
    templates,
    rolesPath: settings.roles_path.map(path => resolve(path)),
    rolesHint: mentioned(project.ansibleCfg, 'roles_path'),
    extra,
    inventoryNames: inventoryNames(project),
    inventory,
    ...(lacks ? { namesMayCome: true } : { hostsOf: (pattern: string) => hostsOf(inventory, pattern, limit) }),
    ...optional('selects', selects),
  })
  if (lacks && !targetsOf(loaded.plays).every(({ pattern }) => isLocal(pattern)))
    return { ...loaded, warnings: [...loaded.warnings, noInventory(project)] }
  const nobody = checkTargets(project, targetsOf(loaded.plays), limit)
  const warnings = checkConnections(project, connectedHosts(project, loaded, { limit, connects }))
  return { ...loaded, warnings: [...loaded.warnings, ...nobody, ...warnings] }
}

const inventoryNames = ({ inventory, connection }: Project): ReadonlySet<string> =>
  new Set([
    ...[...inventory.names, 'localhost'].flatMap(host =>
      inventory.layersOf(host).flatMap(layer => [...layer.bindings.keys()]),
    ),
    ...connection.flatMap(layer => [...layer.bindings.keys()]),
  ])

/** The host patterns of plays, except those with templates. */
export const targetsOf = (plays: readonly Play[]): readonly Target[] =>
  plays.flatMap(({ hosts, source }) => {
    if (!hosts.constant) return []
    return [{ pattern: patternText(hosts.evaluate(noScope)), source: hosts.source ?? source }]
  })

import { resolve } from 'node:path'
import { ConfigError, type InvalidConfig } from '../core/failure.js'
import type { Play } from '../core/step.js'
import type { LoadedPlaybooks } from '../playbook/playbook.js'
import { loadPlaybook } from '../playbook/playbook.js'
import type { TemplateEnv } from '../template/index.js'
import { moduleTable, type Project } from './project.js'

export type Loaded = LoadedPlaybooks

/** Reads playbooks, with all that can be known of them before connecting. @throws ConfigError with everything found */
export const loadPlays = async (project: Project, playbooks: readonly string[], env: TemplateEnv): Promise<Loaded> => {
  const { inventory, extra, settings } = project
  const loaded = await loadPlaybook(
    playbooks,
    {
      modules: moduleTable,
      templates: env,
      rolesPath: settings.roles_path.map(path => resolve(path)),
      extra,
      inventoryNames: inventoryNames(project),
    },
  )
  checkHosts(project, loaded.plays)
  return loaded
}

const inventoryNames = ({ inventory, connection }: Project): ReadonlySet<string> =>
  new Set([
    ...[...inventory.names, 'localhost'].flatMap(host => inventory.layersOf(host).flatMap(layer => [...layer.bindings.keys()])),
    ...connection.flatMap(layer => [...layer.bindings.keys()]),
  ])

/** Unknown hosts and groups are said with their place, before the first connection. */
const checkHosts = ({ inventory }: Project, plays: readonly Play[]): void => {
  const found: InvalidConfig[] = []
  for (const { hosts } of plays) {
    if (!hosts.constant) continue
    const pattern = hosts.evaluate({ get: () => undefined, names: () => [] })
    const text = Array.isArray(pattern) ? pattern.map(String).join(',') : String(pattern)
    try {
      inventory.select(text, hosts.source)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      found.push(...error.all)
    }
  }
  const [first, ...more] = found
  if (first !== undefined) throw new ConfigError(first, ...more)
}

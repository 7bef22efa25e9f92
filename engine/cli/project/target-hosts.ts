import { mentioned } from '../../config/ansible-cfg.js'
import { ConfigError, type InvalidConfig } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Inventory } from '../../inventory/inventory.js'
import { checkConnections } from './check-connections.js'
import type { Project } from './project.js'

/** The host pattern of a command or a play, as written. */
export interface Target {
  readonly pattern: string
  readonly source: Source | undefined
}

/**
 * Checks before the first connection that the run has hosts.
 * @returns warnings: plays without hosts, and names in patterns that do not exist
 * @throws ConfigError for invalid patterns, and where no play has a host
 */
export const checkTargets = (
  project: Project,
  targets: readonly Target[],
  limit: string | undefined,
): Project['warnings'] => {
  const { inventory, settings } = project
  if (settings.inventory.length === 0 && targets.some(({ pattern }) => !isLocal(pattern))) {
    throw new ConfigError(noInventory(project))
  }
  const found: InvalidConfig[] = []
  const hosts = new Set<string>()
  const warnings: Project['warnings'][number][] = []
  const empty: Project['warnings'][number][] = []
  for (const { pattern, source } of targets) {
    try {
      const selected = inventory.selectForPlay(pattern, source)
      for (const host of selected) hosts.add(host)
      const strange = inventory.patternWarnings(pattern, source)
      if (selected.length > 0) warnings.push(...strange)
      else empty.push(...(strange.length > 0 ? strange : [noMatch(pattern, source)]))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      found.push(...error.all)
    }
  }
  const [first, ...more] = found
  if (first !== undefined) throw new ConfigError(first, ...more)
  const allowed = limit === undefined ? undefined : new Set(inventory.select(limit))
  if (targets.length > 0 && ![...hosts].some(host => allowed?.has(host) ?? true))
    throw hosts.size === 0 && limit === undefined
      ? noHostAtAll(project, targets, empty)
      : noHost(project, targets, limit)
  if (limit !== undefined) warnings.push(...inventory.patternWarnings(limit))
  return [...warnings, ...empty.map(one => ({ ...one, message: `${one.message}: the play is skipped` }))]
}

/** The hosts of a pattern, within `--limit`, in inventory order. */
export const hostsOf = (inventory: Inventory, pattern: string, limit: string | undefined): readonly string[] => {
  const allowed = limit === undefined ? undefined : new Set(inventory.select(limit))
  return inventory.selectForPlay(pattern).filter(host => allowed?.has(host) ?? true)
}

/** The same for a command with one pattern. @returns warnings */
export const checkPattern = (project: Project, pattern: string, limit: string | undefined): Project['warnings'] => {
  // A group that does not exist is an error here: the pattern is typed now, not kept in a playbook.
  if (project.settings.inventory.length > 0) project.inventory.select(pattern)
  const warnings = checkTargets(project, [{ pattern, source: undefined }], limit)
  const hosts = hostsOf(project.inventory, pattern, limit)
  const alike = { vars: [], elsewhere: new Set<string>(), certain: true, becomes: false, prepared: false }
  return [
    ...project.warnings,
    ...warnings,
    ...checkConnections(
      project,
      hosts.map(host => ({ host, ...alike })),
    ),
  ]
}

export const noInventory = (project: Project): Project['warnings'][number] => ({
  about: 'hosts',
  message: 'no inventory was given',
  hint: `give one: -i hosts.yml, or -i host1,host2, (or inventory: in tkplay.yml)${mentioned(project.ansibleCfg, 'inventory')}`,
})

export const isLocal = (pattern: string): boolean => pattern === 'localhost' || pattern === '127.0.0.1'

const noHost = (
  { inventory, settings }: Project,
  targets: readonly Target[],
  limit: string | undefined,
): ConfigError => {
  const patterns = [...new Set(targets.map(({ pattern }) => pattern))].join(', ')
  if (inventory.names.length === 0) {
    return new ConfigError({
      message: 'the inventory has no hosts',
      source: { file: settings.inventory.join(', '), line: 1, col: 1 },
      hint: 'name at least one, or give another inventory with -i',
    })
  }
  if (limit !== undefined) {
    return new ConfigError({
      message: `--limit ${limit} leaves no host of ${patterns}`,
      hint: "see 'tkplay inventory --graph' for groups and hosts",
    })
  }
  return new ConfigError(noMatch(patterns, targets[0]?.source))
}

/** A warning about an unknown name explains it best, if there is one. */
const noHostAtAll = (
  project: Project,
  targets: readonly Target[],
  [first, ...more]: Project['warnings'],
): ConfigError =>
  first === undefined || project.inventory.names.length === 0
    ? noHost(project, targets, undefined)
    : new ConfigError(first, ...more)

const noMatch = (pattern: string, source: Source | undefined): Project['warnings'][number] => ({
  about: 'hosts',
  message: `no host matches ${pattern}`,
  ...(source === undefined ? {} : { source }),
  hint: "see 'tkplay inventory --graph' for groups and hosts",
})

import { mentioned } from '../../config/ansible-cfg.js'
import { ConfigError, type InvalidConfig } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Inventory } from '../../inventory/inventory.js'
import { checkConnections } from './check-connections.js'
import type { Project } from './project.js'

/** Hosts that a command or a play is for, as written. */
export interface Target {
  readonly pattern: string
  readonly source: Source | undefined
}

/**
 * Finds out before the first connection whether there is anything to work on.
 * @returns what may be wrong: plays for nobody, names in patterns that nothing has
 * @throws ConfigError for patterns that are none, with their places, and where nothing is left to do anything on
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
  const doubts: Project['warnings'][number][] = []
  const empty: Project['warnings'][number][] = []
  for (const { pattern, source } of targets) {
    try {
      const selected = inventory.selectForPlay(pattern, source)
      for (const host of selected) hosts.add(host)
      const strange = inventory.doubtsOf(pattern, source)
      if (selected.length > 0) doubts.push(...strange)
      else empty.push(...(strange.length > 0 ? strange : [nobodyIs(pattern, source)]))
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
      ? nobodyAtAll(project, targets, empty)
      : nobody(project, targets, limit)
  if (limit !== undefined) doubts.push(...inventory.doubtsOf(limit))
  return [...doubts, ...empty.map(one => ({ ...one, message: `${one.message}: the play is passed over` }))]
}

/** What a pattern selects within `--limit`, in the inventory's order. */
export const hostsOf = (inventory: Inventory, pattern: string, limit: string | undefined): readonly string[] => {
  const allowed = limit === undefined ? undefined : new Set(inventory.select(limit))
  return inventory.selectForPlay(pattern).filter(host => allowed?.has(host) ?? true)
}

/** The same for a command of one pattern. @returns what may be wrong */
export const checkPattern = (project: Project, pattern: string, limit: string | undefined): Project['warnings'] => {
  // Nobody counts on a group that may not be there: it is typed now.
  if (project.settings.inventory.length > 0) project.inventory.select(pattern)
  const doubts = checkTargets(project, [{ pattern, source: undefined }], limit)
  const hosts = hostsOf(project.inventory, pattern, limit)
  const alike = { vars: [], elsewhere: new Set<string>(), certain: true, becomes: false, prepared: false }
  return [
    ...project.warnings,
    ...doubts,
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

const nobody = (
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
      hint: "see 'tkplay inventory --graph' for who is where",
    })
  }
  return new ConfigError(nobodyIs(patterns, targets[0]?.source))
}

/** Who is named and not there says it best. */
const nobodyAtAll = (
  project: Project,
  targets: readonly Target[],
  [first, ...more]: Project['warnings'],
): ConfigError =>
  first === undefined || project.inventory.names.length === 0
    ? nobody(project, targets, undefined)
    : new ConfigError(first, ...more)

const nobodyIs = (pattern: string, source: Source | undefined): Project['warnings'][number] => ({
  about: 'hosts',
  message: `no host matches ${pattern}`,
  ...(source === undefined ? {} : { source }),
  hint: "see 'tkplay inventory --graph' for who is where",
})

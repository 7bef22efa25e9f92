import { resolve } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import { ConfigError } from '../core/failure.js'
import type { Source } from '../core/source.js'
import { type Binding, type Layer, rank } from '../core/vars.js'
import { Builder, type GroupEntry, type HostEntry } from './builder.js'
import { connectionTypos } from './connection-names.js'
import { type GroupTree, groupTree } from './groups.js'
import { localNames, select, unknownNames } from './select.js'
import { readSource } from './sources.js'
import { readVarsFolder, type VarsFolder } from './vars-files.js'

export interface InventoryOptions {
  /** The folders of the playbooks; their `group_vars` and `host_vars` are read too. */
  readonly playbookDirs?: readonly string[]
  /** Prints a line while an inventory script is slow. */
  readonly say?: (line: string) => void
}

/** Hosts, groups and their variables. */
export interface Inventory {
  /** All hosts in inventory order, without the implicit `localhost`. */
  readonly names: readonly string[]
  /** Group → its hosts, those of its children included. Contains `all` and `ungrouped`. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
  /** The first source that is a file or a folder. */
  readonly file: string | undefined
  /** The sources; paths are absolute. */
  readonly sources: readonly string[]
  /** Likely mistakes that are not errors. */
  readonly warnings: readonly Diagnostic[]
  /** The file that first named the host. */
  fileOf(host: string): string | undefined
  sourceOf(host: string): Source | undefined
  /** The groups of a host without `all`, those of lowest precedence first. Sorted by name they are `group_names`. */
  groupsOf(host: string): readonly string[]
  /**
   * The variables of a host, those of lowest precedence first. `localhost` has variables even where no file names it.
   */
  layersOf(host: string): readonly Layer[]
  /** The hosts of a pattern. @throws ConfigError for an unknown host or group, with «did you mean» */
  select(pattern: string, source?: Source): readonly string[]
  /**
   * The hosts of a play's pattern. As in Ansible, an unknown group has no hosts. @throws ConfigError for an invalid
   * pattern
   */
  selectForPlay(pattern: string, source?: Source): readonly string[]
  /** Warnings about unknown names in a pattern. */
  patternWarnings(pattern: string, source?: Source): readonly Diagnostic[]
}

/**
 * Reads the sources in order; a later source wins for the same host or group.
 *
 * A host may be in several groups. A host that is twice in one section, or has two addresses in one file, is taken for
 * two hosts with the same name, which is an error.
 *
 * @param sources as given by `-i`
 * @throws ConfigError with all problems; also where no source names a host
 */
export const loadInventory = async (sources: readonly string[], options: InventoryOptions = {}): Promise<Inventory> => {
  const builder = new Builder(options.say)
  const dirs = new Set<string>()
  for (const source of sources) {
    const dir = await readSource(source, builder)
    if (dir !== undefined) dirs.add(dir)
  }
  builder.throwProblems()
  const file = sources.find(source => !source.includes(','))
  if (sources.length > 0 && builder.hosts.size === 0) throw empty(sources)
  const tree = groupTree(builder)
  builder.throwProblems()
  warnOfDoubles(builder)
  const names = { groups: new Set(builder.groups.keys()), hosts: new Set([...builder.hosts.keys(), ...localNames]) }
  const warn = (problem: Diagnostic) => void builder.warnings.push(problem)
  const read = (beside: 'inventory' | 'playbook') => (dir: string) => readVarsFolder(dir, beside, names, warn)
  const inventoryFolders = await Promise.all([...dirs].map(read('inventory')))
  const playbookFolders = await Promise.all(
    [...new Set(options.playbookDirs ?? [])].filter(dir => !dirs.has(dir)).map(read('playbook')),
  )
  const folders = [...inventoryFolders, ...playbookFolders]
  const fromFolders = folders.flatMap(({ hosts, groups }) => [...hosts.values(), ...groups.values()].flat())
  const own = [...builder.groups.values(), ...builder.hosts.values()].map(({ vars }) => vars)
  for (const bindings of [...own, ...fromFolders.map(layer => layer.bindings)]) {
    builder.warnings.push(...connectionTypos(bindings))
  }
  const absolute = sources.map(source => (source.includes(',') ? source : resolve(source)))
  return new Loaded(builder, tree, folders, file, absolute)
}

const empty = (sources: readonly string[]): ConfigError =>
  new ConfigError({
    message: `the inventory names no hosts (${sources.join(', ')})`,
    source: { file: sources[0] ?? '-i', line: 1, col: 1 },
    hint: 'add one: in YAML under all: and hosts:, in INI a name on a line of its own',
  })

const warnOfDoubles = ({ hosts, groups, warnings }: Builder): void => {
  for (const [name, { source }] of hosts) {
    const group = groups.get(name)
    if (group === undefined) continue
    warnings.push({
      message: `'${name}' is a host and a group: patterns mean the group`,
      source,
      hint: 'rename one of them',
    })
  }
}

class Loaded implements Inventory {
  readonly names: readonly string[]
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
  readonly warnings: readonly Diagnostic[]
  readonly #hosts: ReadonlyMap<string, HostEntry>
  readonly #groupLayers: ReadonlyMap<string, readonly Layer[]>
  readonly #layers = new Map<string, readonly Layer[]>()

  constructor(
    builder: Builder,
    readonly tree: GroupTree,
    readonly folders: readonly VarsFolder[],
    readonly file: string | undefined,
    readonly sources: readonly string[],
  ) {
    this.names = tree.members.get('all') ?? []
    this.groups = tree.members
    this.children = tree.children
    this.warnings = builder.warnings
    this.#hosts = builder.hosts
    this.#groupLayers = new Map([...builder.groups.values()].map(group => [group.name, groupLayers(group, folders)]))
  }

  fileOf(host: string): string | undefined {
    return this.#hosts.get(host)?.file
  }

  sourceOf(host: string): Source | undefined {
    return this.#hosts.get(host)?.source
  }

  groupsOf(host: string): readonly string[] {
    return this.tree.groupsOf(host)
  }

  layersOf(host: string): readonly Layer[] {
    const known = this.#layers.get(host)
    if (known !== undefined) return known
    const made = this.#layersOf(host)
    this.#layers.set(host, made)
    return made
  }

  select(pattern: string, source?: Source): readonly string[] {
    return select(pattern, { hosts: this.names, groups: this.groups }, source)
  }

  selectForPlay(pattern: string, source?: Source): readonly string[] {
    return select(pattern, { hosts: this.names, groups: this.groups }, source, 'nobody')
  }

  patternWarnings(pattern: string, source?: Source): readonly Diagnostic[] {
    return unknownNames(pattern, { hosts: this.names, groups: this.groups }).map(({ sign, problem }) => ({
      about: 'hosts',
      message: sign === 'not' ? `${problem.message}: '${pattern}' takes nothing away by it` : problem.message,
      hint: problem.hint,
      ...(source === undefined ? {} : { source }),
    }))
  }

  #layersOf(host: string): readonly Layer[] {
    const entry = this.#hosts.get(host)
    const own =
      entry === undefined
        ? localLayers(host)
        : [{ rank: rank.inventoryHost, name: `host ${host}`, bindings: entry.vars }]
    const layers = [
      ...['all', ...this.groupsOf(host)].flatMap(group => this.#groupLayers.get(group) ?? []),
      ...own,
      ...this.folders.flatMap(folder => folder.hosts.get(host) ?? []),
    ]
    return layers.filter(layer => layer.bindings.size > 0).sort((a, b) => a.rank - b.rank)
  }
}

/** `ansible_group_priority` belongs to the group and is no variable of its hosts. */
const groupLayers = (group: GroupEntry, folders: readonly VarsFolder[]): readonly Layer[] => [
  {
    rank: group.name === 'all' ? rank.inventoryGroupAll : rank.inventoryGroup,
    name: `group ${group.name}`,
    bindings: new Map([...group.vars].filter(([name]) => name !== 'ansible_group_priority')),
  },
  ...folders.flatMap(folder => folder.groups.get(group.name) ?? []),
]

/** The variables of the implicit localhost, which needs no ssh. */
const localLayers = (host: string): readonly Layer[] =>
  localNames.includes(host)
    ? [
        {
          rank: rank.inventoryHost,
          name: 'implicit localhost',
          bindings: new Map<string, Binding>([['ansible_connection', { value: 'local' }]]),
        },
      ]
    : []

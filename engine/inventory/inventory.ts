import { resolve } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import { ConfigError } from '../core/failure.js'
import type { Source } from '../core/source.js'
import { type Binding, type Layer, rank } from '../core/vars.js'
import { Builder, type GroupEntry, type HostEntry } from './builder.js'
import { connectionSlips } from './connection-names.js'
import { type GroupTree, groupTree } from './groups.js'
import { localNames, select, strangers } from './select.js'
import { readSource } from './sources.js'
import { readVarsFolder, type VarsFolder } from './vars-files.js'

export interface InventoryOptions {
  /** Folders of playbooks: their group_vars and host_vars count too. */
  readonly playbookDirs?: readonly string[]
  /** Told while one waits for a script. */
  readonly say?: (line: string) => void
}

/** Which hosts there are, in which groups, and what they know of themselves. */
export interface Inventory {
  /** In the inventory's order; the implicit localhost is not among them. */
  readonly names: readonly string[]
  /** `all` and `ungrouped` included; each with its hosts, those of its children included. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
  /** The first source that is a file or folder. */
  readonly file: string | undefined
  /** As given, paths absolute. */
  readonly sources: readonly string[]
  /** What is likely a slip, but no error. */
  readonly warnings: readonly Diagnostic[]
  /** The file that first named the host. */
  fileOf(host: string): string | undefined
  sourceOf(host: string): Source | undefined
  /** Its groups without `all`, the weakest first; sorted by name they are `group_names`. */
  groupsOf(host: string): readonly string[]
  /** Its variables, weakest first. `localhost` has some without standing in any file. */
  layersOf(host: string): readonly Layer[]
  /** @throws ConfigError for an unknown host or group, with «did you mean» */
  select(pattern: string, source?: Source): readonly string[]
  /** The same for the pattern of a play, for which an unknown group is nobody, as in Ansible. @throws ConfigError for no pattern */
  selectForPlay(pattern: string, source?: Source): readonly string[]
  /** What may be wrong with a pattern: names that nothing has. */
  doubtsOf(pattern: string, source?: Source): readonly Diagnostic[]
}

/**
 * Reads the sources in order; what later ones say of the same host or group wins.
 *
 * A host may stand in several groups. Twice in one section, or with two addresses in one file, it is taken for two hosts of the same
 * name, which is an error.
 * @param sources as given by `-i`
 * @throws ConfigError with everything found; also when sources are given and none names a host
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
    builder.warnings.push(...connectionSlips(bindings))
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

  doubtsOf(pattern: string, source?: Source): readonly Diagnostic[] {
    return strangers(pattern, { hosts: this.names, groups: this.groups }).map(({ sign, problem }) => ({
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

/** The priority says something of the group, and is no variable of its hosts. */
const groupLayers = (group: GroupEntry, folders: readonly VarsFolder[]): readonly Layer[] => [
  {
    rank: group.name === 'all' ? rank.inventoryGroupAll : rank.inventoryGroup,
    name: `group ${group.name}`,
    bindings: new Map([...group.vars].filter(([name]) => name !== 'ansible_group_priority')),
  },
  ...folders.flatMap(folder => folder.groups.get(group.name) ?? []),
]

/** This machine needs no ssh to itself. */
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

import { formatSource } from '../core/source.js'
import { Float, type Value } from '../core/value.js'
import type { Builder, GroupEntry } from './builder.js'

/** The groups of all sources. `all` is above every group; `ungrouped` holds the hosts without a group. */
export interface GroupTree {
  /** Group → its hosts: its own ones, then those of its children, level by level. */
  readonly members: ReadonlyMap<string, readonly string[]>
  /**
   * The groups of a host without `all`, sorted by depth, `ansible_group_priority` and name. Variables of later groups
   * win.
   */
  groupsOf(host: string): readonly string[]
  readonly children: ReadonlyMap<string, readonly string[]>
}

/** Builds the tree of groups; adds a problem to the builder for groups in a circle. */
export const groupTree = (builder: Builder): GroupTree => {
  const nowhere = { file: 'inventory', line: 1, col: 1 }
  const all = builder.define('all', nowhere)
  const ungrouped = builder.define('ungrouped', nowhere)
  const { groups } = builder
  for (const { children, source } of [...groups.values()]) for (const child of children) builder.group(child, source)
  const withParent = new Set([...groups.values()].flatMap(group => [...group.children]))
  // As in Ansible, `ungrouped` comes first: `all` lists its hosts before those of groups.
  const top = [...groups.keys()].filter(name => name !== 'all' && name !== 'ungrouped' && !withParent.has(name))
  const children = new Map(
    [...groups].map(([name, group]) => [
      name,
      name === 'all' ? ['ungrouped', ...new Set([...group.children, ...top])] : [...group.children],
    ]),
  )
  if (findCircle(groups, children, builder)) return { members: new Map(), groupsOf: () => [], children }

  const grouped = new Set(
    [...groups.values()].filter(one => one !== all && one !== ungrouped).flatMap(one => [...one.hosts]),
  )
  const alone = [...builder.hosts.keys()].filter(host => !grouped.has(host))
  const direct = (name: string): Iterable<string> => (name === 'ungrouped' ? alone : (groups.get(name)?.hosts ?? []))
  const members = new Map([...groups.keys()].map(name => [name, membersOf(name, children, direct)]))
  const depths = depthsOf(children)
  const of = groupsByHost(groups, members, depths)
  return { members, children, groupsOf: host => of.get(host) ?? [] }
}

const membersOf = (
  name: string,
  children: ReadonlyMap<string, readonly string[]>,
  direct: (name: string) => Iterable<string>,
): readonly string[] => {
  const found = new Set<string>()
  const seen = new Set([name])
  for (let level: readonly string[] = [name]; level.length > 0; ) {
    const next: string[] = []
    for (const group of level) {
      for (const host of direct(group)) found.add(host)
      for (const child of children.get(group) ?? []) {
        if (!seen.has(child)) next.push(child)
        seen.add(child)
      }
    }
    level = next
  }
  return [...found]
}

/** The longest path from `all` to each group: variables of a child win over those of its parents. */
const depthsOf = (children: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> => {
  const depths = new Map<string, number>()
  const walk = (name: string, depth: number): void => {
    if ((depths.get(name) ?? -1) >= depth) return
    depths.set(name, depth)
    for (const child of children.get(name) ?? []) walk(child, depth + 1)
  }
  walk('all', 0)
  return depths
}

const groupsByHost = (
  groups: ReadonlyMap<string, GroupEntry>,
  members: ReadonlyMap<string, readonly string[]>,
  depths: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly string[]> => {
  const order = [...groups.keys()]
    .filter(name => name !== 'all')
    .map(name => ({
      name,
      depth: depths.get(name) ?? 0,
      priority: priority(groups.get(name)?.vars.get('ansible_group_priority')?.value),
    }))
    .sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1))
  const of = new Map<string, string[]>()
  for (const { name } of order) {
    for (const host of members.get(name) ?? []) {
      const list = of.get(host)
      if (list === undefined) of.set(host, [name])
      else list.push(name)
    }
  }
  return of
}

const priority = (value: Value | undefined): number => {
  const number = Number(value instanceof Float ? value.value : (value ?? 1))
  return Number.isFinite(number) ? number : 1
}

const findCircle = (
  groups: ReadonlyMap<string, GroupEntry>,
  children: ReadonlyMap<string, readonly string[]>,
  builder: Builder,
): boolean => {
  const done = new Set<string>()
  const walk = (name: string, path: readonly string[]): boolean => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name]
      const last = groups.get(path.at(-1) ?? name)
      builder.problem(
        `groups in a circle: ${circle.join(' > ')}`,
        last?.source ?? { file: 'inventory', line: 1, col: 1 },
        `take '${name}' out of the children of '${path.at(-1)}'${groups.get(name) === undefined ? '' : ` ('${name}' is at ${formatSource((groups.get(name) as GroupEntry).source)})`}`,
      )
      return true
    }
    if (done.has(name)) return false
    const found = (children.get(name) ?? []).some(child => walk(child, [...path, name]))
    done.add(name)
    return found
  }
  return [...children.keys()].some(name => walk(name, []))
}

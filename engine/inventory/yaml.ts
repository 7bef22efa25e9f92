import { didYouMean } from '../config/did-you-mean.js'
import { keySourceOf, parseYaml, recordWritten, sourceOf, writtenAs } from '../config/yaml/yaml.js'
import type { Source } from '../core/source.js'
import { type Dict, isDict, type Value } from '../core/value.js'
import type { Binding } from '../core/vars.js'
import { keyText } from '../python/to-json.js'
import type { Builder } from './builder.js'

/** Reads Ansible's YAML format: groups with `hosts`, `children` and `vars`, each a dict. */
export const readYamlInventory = (text: string, file: string, builder: Builder): void => {
  const root = parseYaml(text, file)
  const start = sourceOf(root) ?? { file, line: 1, col: 1 }
  if (root === null) return
  if (!isDict(root)) {
    builder.problem(
      'an inventory must be a dict of groups',
      start,
      "write 'all:', under it 'hosts:', under that each host and ':'",
    )
    return
  }
  if (root.has('plugin')) {
    builder.problem(
      `inventory plugins are not read ('${String(root.get('plugin'))}')`,
      keySourceOf(root, 'plugin') ?? start,
      'give an executable script that answers --list with JSON instead',
    )
    return
  }
  groups(root, start, builder)
}

const groups = (dict: Dict, start: Source, builder: Builder): readonly string[] => {
  const names: string[] = []
  for (const [key, value] of dict) {
    const source = keySourceOf(dict, key) ?? start
    const name = keyText(key)
    if (/\s/.test(name) || name === '') {
      builder.problem(`'${name}' is no group name`, source, 'a group name has no spaces')
      continue
    }
    names.push(name)
    group(name, value, source, builder)
  }
  return names
}

const parts = ['hosts', 'children', 'vars'] as const

const group = (name: string, value: Value, source: Source, builder: Builder): void => {
  const entry = builder.define(name, source)
  const dict = asDict(
    value,
    source,
    `group '${name}'`,
    builder,
    "write 'hosts:' under it, and each host and ':' under that",
  )
  for (const [key, part] of dict) {
    const at = keySourceOf(dict, key) ?? source
    if (!parts.some(one => one === key)) {
      builder.problem(
        `group '${name}': unknown key '${keyText(key)}'`,
        at,
        didYouMean(keyText(key), parts) ??
          "a group has hosts, children and vars: put other groups under 'children:', hosts under 'hosts:', variables under 'vars:'",
      )
    }
    const inside = (hint: string) => asDict(part, at, `${keyText(key)} of group '${name}'`, builder, hint)
    if (key === 'hosts') {
      const hosts = inside("write each host on a line of its own, with ':' after it")
      for (const [host, vars] of hosts)
        hostEntry(keyText(host), vars, keySourceOf(hosts, host) ?? at, entry.name, builder)
    } else if (key === 'children') {
      const children = inside("write each group on a line of its own, with ':' after it")
      for (const child of groups(children, at, builder)) entry.children.add(child)
    } else if (key === 'vars') {
      for (const [variable, binding] of bindings(inside("write 'name: value' lines"), at, builder))
        entry.vars.set(variable, binding)
    }
  }
}

const hostEntry = (written: string, value: Value, source: Source, groupName: string, builder: Builder): void => {
  const hosts = builder.addHosts(written, source, builder.group(groupName, source))
  const vars = asDict(
    value,
    source,
    `host '${written}'`,
    builder,
    "write its variables as 'name: value' lines under it",
  )
  for (const [name, binding] of bindings(vars, source, builder)) {
    for (const host of hosts) builder.setHostVar(host, name, binding)
  }
}

/** A dict; null counts as an empty one (`node1:` alone on its line). */
const asDict = (value: Value, source: Source, what: string, builder: Builder, hint: string): Dict => {
  if (isDict(value)) return value
  if (value !== null) builder.problem(`${what} must be a dict`, source, hint)
  return new Map()
}

/** The entries of a dict as variables, each with its source. */
export const bindings = (
  dict: Dict,
  otherwise: Source,
  builder: Pick<Builder, 'problem'>,
): ReadonlyMap<string, Binding> => {
  const made = new Map<string, Binding>()
  for (const [key, value] of dict) {
    const source = keySourceOf(dict, key) ?? otherwise
    if (typeof key === 'string') {
      const binding = { value, source }
      recordWritten(binding, writtenAs(dict, key))
      made.set(key, binding)
    } else builder.problem(`the variable name ${keyText(key)} is no text`, source, `quote it: '${keyText(key)}'`)
  }
  return made
}

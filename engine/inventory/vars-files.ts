import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { didYouMean } from '../config/did-you-mean.js'
import { isFolder } from '../config/files/local-file.js'
import { namesIn } from '../config/files/text.js'
import { readYaml, sourceOf } from '../config/yaml/yaml.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { ConfigError } from '../core/failure.js'
import { isDict } from '../core/value.js'
import { type Layer, rank } from '../core/vars.js'
import { bindings } from './yaml.js'

/** Group or host → its layers. */
type VarsOf = ReadonlyMap<string, readonly Layer[]>

export interface VarsFolder {
  readonly groups: VarsOf
  readonly hosts: VarsOf
}

const endings = ['', '.yml', '.yaml', '.json']

/**
 * Reads group_vars/ and host_vars/ of a folder. `all`, `all.yml` and `all/` are all read, the folder first; more than
 * one of them is a warning. Files for names that the inventory does not have are ignored, with a warning where a typo
 * is likely.
 */
export const readVarsFolder = async (
  dir: string,
  beside: 'inventory' | 'playbook',
  names: { readonly groups: ReadonlySet<string>; readonly hosts: ReadonlySet<string> },
  warn: (problem: Diagnostic) => void,
): Promise<VarsFolder> => {
  const ranks =
    beside === 'inventory'
      ? { all: rank.groupVarsAllInventory, group: rank.groupVarsInventory, host: rank.hostVarsInventory }
      : { all: rank.groupVarsAllPlaybook, group: rank.groupVarsPlaybook, host: rank.hostVarsPlaybook }
  const groups = await readNamed(
    join(dir, 'group_vars'),
    names.groups,
    'group',
    name => (name === 'all' ? ranks.all : ranks.group),
    warn,
  )
  const hosts = await readNamed(join(dir, 'host_vars'), names.hosts, 'host', () => ranks.host, warn)
  return { groups, hosts }
}

const readNamed = async (
  folder: string,
  known: ReadonlySet<string>,
  what: 'group' | 'host',
  rankOf: (name: string) => number,
  warn: (problem: Diagnostic) => void,
): Promise<VarsOf> => {
  const found = new Map<string, Layer[]>()
  if (!existsSync(folder)) return found
  const paths = new Map<string, string[]>()
  for (const entry of namesIn(folder).toSorted(byEnding)) {
    if (isHidden(entry)) continue
    const name = nameIn(entry, known)
    if (name !== undefined) paths.set(name, [...(paths.get(name) ?? []), join(folder, entry)])
    else warnTypo(join(folder, entry), entry, known, what, warn)
  }
  for (const [name, list] of paths) {
    if (list.length > 1) {
      warn({
        message: `the variables of ${what} '${name}' are in ${list.join(' and ')}: all are read, the last wins`,
        source: { file: list[0] ?? folder, line: 1, col: 1 },
        hint: 'put them in one file, or in files of one folder',
      })
    }
    const files = list.flatMap(filesOf)
    found.set(name, await Promise.all(files.map(file => varsLayer(file, rankOf(name)))))
  }
  return found
}

/** Reads a file of variables as a layer. @throws ConfigError */
export const varsLayer = async (file: string, layerRank: number, name = file): Promise<Layer> => {
  const tree = await readYaml(file)
  const start = sourceOf(tree) ?? { file, line: 1, col: 1 }
  if (tree === null) return { rank: layerRank, name, bindings: new Map() }
  if (!isDict(tree)) {
    throw new ConfigError({
      message: 'a file of variables must be a dict',
      source: start,
      hint: "write 'name: value' lines",
    })
  }
  const problems: Diagnostic[] = []
  const bound = bindings(tree, start, { problem: (message, source, hint) => problems.push({ message, source, hint }) })
  const [first, ...more] = problems
  if (first !== undefined) throw new ConfigError(first, ...more)
  return { rank: layerRank, name, bindings: bound }
}

/** The files of a folder, sorted by name, those of subfolders included. */
const filesOf = (path: string): readonly string[] => {
  if (!isFolder(path)) return [path]
  return namesIn(path)
    .filter(name => !isHidden(name) && (endings.includes(extname(name)) || isFolder(join(path, name))))
    .flatMap(name => filesOf(join(path, name)))
}

const isHidden = (name: string): boolean => name.startsWith('.') || name.endsWith('~')

/** Sorts folders and names without extension first, then .yml, .yaml, .json; later ones win. */
const byEnding = (a: string, b: string): number =>
  endings.indexOf(extname(a)) - endings.indexOf(extname(b)) || (a < b ? -1 : a > b ? 1 : 0)

const nameIn = (entry: string, known: ReadonlySet<string>): string | undefined => {
  if (known.has(entry)) return entry
  const ending = extname(entry)
  const stem = entry.slice(0, entry.length - ending.length)
  return ending !== '' && endings.includes(ending) && known.has(stem) ? stem : undefined
}

const warnTypo = (
  path: string,
  entry: string,
  known: ReadonlySet<string>,
  what: string,
  warn: (problem: Diagnostic) => void,
): void => {
  const stem = endings.includes(extname(entry)) ? entry.slice(0, entry.length - extname(entry).length) : entry
  const hint = didYouMean(stem, known)
  if (hint === undefined) return
  warn({
    message: `${path} is not read: the inventory has no ${what} '${stem}'`,
    source: { file: path, line: 1, col: 1 },
    hint,
  })
}

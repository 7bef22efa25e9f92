import type { Source } from '../../core/source.js'
import { sshWords } from '../../python/shell-words.js'
import { type Condition, matchCondition, matchesList, type SshQuery } from './match.js'

/** The settings for one host. Keywords are in lower case. */
export type SshSettings = ReadonlyMap<string, readonly string[]>

export interface SshText {
  readonly file: string
  readonly text: string
}

export interface SshConfigOptions {
  /** The file, for error positions. */
  readonly file?: string
  /** The files of an Include, in order; none where nothing matches. */
  readonly include: (pattern: string) => readonly SshText[]
}

/** One line with the conditions of all blocks that contain it (an Include may be inside of a Host block). */
export interface ConfigLine {
  readonly conditions: readonly Condition[]
  readonly keyword: string
  readonly args: readonly string[]
  readonly source: Source
  /** The line is in a block of `Match final`. */
  readonly final: boolean
}

export type SshConfig = readonly ConfigLine[]

const deepest = 16
const accumulating = new Set(['identityfile', 'certificatefile', 'sendenv', 'setenv'])
/** Commands are kept as written, with their quotes. */
const commands = new Set(['proxycommand', 'knownhostscommand', 'localcommand', 'remotecommand'])

/** Parses ssh_config(5). Invalid lines are ignored: ssh itself reports them. */
export const parseSshConfig = (text: string, options: SshConfigOptions): SshConfig =>
  parse({ file: options.file ?? 'ssh_config', text }, options, [], 0)

const parse = (
  { file, text }: SshText,
  options: SshConfigOptions,
  outer: readonly Condition[],
  depth: number,
): SshConfig => {
  let conditions = outer
  let final = false
  return text.split('\n').flatMap((line, index): readonly ConfigLine[] => {
    const [, written, rest] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? []
    if (written === undefined || rest === undefined) return []
    const keyword = written.toLowerCase()
    const args = argsOf(keyword, rest)
    const source = { file, line: index + 1, col: line.length - line.trimStart().length + 1 }
    if (keyword === 'host') conditions = [...outer, ({ name }) => matchesList(args, name)]
    else if (keyword === 'match') conditions = [...outer, matchCondition(args)]
    else if (keyword !== 'include') return [{ conditions, keyword, args, source, final }]
    else if (depth < deepest)
      return args.flatMap(options.include).flatMap(found => parse(found, options, conditions, depth + 1))
    if (keyword === 'match' || keyword === 'host')
      final = keyword === 'match' && args.some(one => one.toLowerCase() === 'final')
    return []
  })
}

/** The arguments of a keyword. */
export const argsOf = (keyword: string, text: string): readonly string[] => {
  if (commands.has(keyword)) return [text]
  try {
    return sshWords(text)
  } catch {
    return []
  }
}

/**
 * The settings for a host. The first value of a keyword wins; of keywords such as IdentityFile all values are
 * collected.
 * @param first settings of the command line
 * @param taken called for each line that is used
 */
export const lookup = (
  config: SshConfig,
  query: SshQuery,
  first: SshSettings = new Map(),
  taken: (entry: ConfigLine) => void = () => {},
): SshSettings => {
  const found = new Map<string, readonly string[]>(first)
  for (const entry of config) {
    const { conditions, keyword, args } = entry
    const known = found.get(keyword)
    const adds = accumulating.has(keyword)
    if ((known !== undefined && !adds) || !conditions.every(holds => holds(query, found))) continue
    taken(entry)
    found.set(keyword, adds ? [...(known ?? []), ...args.filter(one => known?.includes(one) !== true)] : args)
  }
  return found
}

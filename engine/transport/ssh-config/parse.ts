import type { Source } from '../../core/source.js'
import { sshWords } from '../../python/shell-words.js'
import { type Condition, matchCondition, matchesList, type SshQuery } from './match.js'

/** What a configuration says for one host. Keywords in lower case. */
export type SshSettings = ReadonlyMap<string, readonly string[]>

export interface SshText {
  readonly file: string
  readonly text: string
}

export interface SshConfigOptions {
  /** The file whose text it is, for places. */
  readonly file?: string
  /** The files that an Include names, in order; none where there are none. */
  readonly include: (pattern: string) => readonly SshText[]
}

/** One line, and all the blocks it stands in (an Include may stand inside of a Host). */
export interface ConfigLine {
  readonly conditions: readonly Condition[]
  readonly keyword: string
  readonly args: readonly string[]
  readonly source: Source
  /** It stands behind a `Match final`. */
  readonly final: boolean
}

export type SshConfig = readonly ConfigLine[]

const deepest = 16
const accumulating = new Set(['identityfile', 'certificatefile', 'sendenv', 'setenv'])
/** Commands are taken as they are, quotes and all. */
const commands = new Set(['proxycommand', 'knownhostscommand', 'localcommand', 'remotecommand'])

/** Reads ssh_config(5). Lines that make no sense are passed over: ssh itself reports them. */
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
 * The first value of each keyword wins, files add up. `first` is what the command line says.
 * @param taken hears of each line that counts
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

import { wildcard } from './wildcard.js'

/** What a configuration says for one host. Keywords in lower case. */
export type SshSettings = ReadonlyMap<string, readonly string[]>

/** The host that is asked about. `name` is as the user wrote it, before HostName. */
export interface SshQuery {
  readonly name: string
  readonly user?: string
  readonly localUser: string
}

export interface SshConfigOptions {
  /** Texts of the files that an Include names, in order; none where there are none. */
  readonly include: (pattern: string) => readonly string[]
}

type Condition = (query: SshQuery, so: Map<string, readonly string[]>) => boolean

/** One line, and all the blocks it stands in (an Include may stand inside of a Host). */
interface Entry {
  readonly conditions: readonly Condition[]
  readonly keyword: string
  readonly args: readonly string[]
}

export type SshConfig = readonly Entry[]

const deepest = 16
const accumulating = new Set(['identityfile', 'certificatefile'])

/** Reads ssh_config(5). Lines that make no sense are passed over: ssh itself reports them. */
export const parseSshConfig = (text: string, options: SshConfigOptions): SshConfig => parse(text, options, [], 0)

const parse = (text: string, options: SshConfigOptions, outer: readonly Condition[], depth: number): SshConfig => {
  let conditions = outer
  return text.split('\n').flatMap((line): readonly Entry[] => {
    const [, written, rest] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? []
    if (written === undefined || rest === undefined) return []
    const keyword = written.toLowerCase()
    // Commands are taken as they are, quotes and all.
    const args = keyword === 'proxycommand' ? [rest] : words(rest)
    if (keyword === 'host') conditions = [...outer, ({ name }) => matchesList(args, name)]
    else if (keyword === 'match') conditions = [...outer, matchCondition(args)]
    else if (keyword !== 'include') return [{ conditions, keyword, args }]
    else if (depth < deepest)
      return args.flatMap(options.include).flatMap(found => parse(found, options, conditions, depth + 1))
    return []
  })
}

/** The first value of each keyword wins, files add up. `first` is what the command line says. */
export const lookup = (config: SshConfig, query: SshQuery, first: SshSettings = new Map()): SshSettings => {
  const found = new Map<string, readonly string[]>(first)
  for (const { conditions, keyword, args } of config) {
    if (!conditions.every(holds => holds(query, found))) continue
    if (accumulating.has(keyword)) found.set(keyword, [...(found.get(keyword) ?? []), ...args])
    else if (!found.has(keyword)) found.set(keyword, args)
  }
  return found
}

/** `host`, `originalhost`, `user`, `localuser` and `all`; what would need a command, or a second pass, never matches. */
const matchCondition = (args: readonly string[]): Condition => {
  return (query, found) => {
    if (args.length === 0) return false
    for (let at = 0; at < args.length; at += 1) {
      const [, not, criterion = ''] = /^(!?)(.*)$/.exec(args[at]?.toLowerCase() ?? '') ?? []
      if (criterion === 'all') {
        if (not === '!') return false
        continue
      }
      at += 1
      const host = (found.get('hostname')?.[0] ?? query.name).replaceAll('%h', query.name)
      const user = query.user ?? found.get('user')?.[0] ?? query.localUser
      const subject = { host, originalhost: query.name, user, localuser: query.localUser }[criterion]
      if (subject === undefined) return false
      if (matchesList((args[at] ?? '').split(','), subject) === (not === '!')) return false
    }
    return true
  }
}

/** A list of patterns, where one `!` that matches takes the whole list back. */
const matchesList = (patterns: readonly string[], subject: string): boolean =>
  patterns.some(one => !one.startsWith('!') && wildcard(one, subject)) &&
  !patterns.some(one => one.startsWith('!') && wildcard(one.slice(1), subject))

const words = (text: string): readonly string[] => {
  const found: string[] = []
  for (const [, quoted, bare] of text.matchAll(/"([^"]*)"|(\S+)/g)) {
    if (bare?.startsWith('#')) break
    found.push(quoted ?? bare ?? '')
  }
  return found
}

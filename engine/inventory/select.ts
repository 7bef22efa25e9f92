import { didYouMean } from '../config/did-you-mean.js'
import { ConfigError } from '../core/failure.js'
import type { Source } from '../core/source.js'
import { isGlob, matcher, PatternProblem, parsePattern, type Term } from './patterns.js'

/** The hosts and groups that patterns select from. */
export interface Names {
  /** In inventory order. */
  readonly hosts: readonly string[]
  /** Group → all its hosts, those of its children included, in Ansible's order. */
  readonly groups: ReadonlyMap<string, readonly string[]>
}

/** Names of this machine. A pattern that is one of them needs no inventory. */
export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1']

/** A name in a pattern that is neither a host nor a group. */
export interface UnknownName {
  readonly sign: Term['sign']
  readonly problem: PatternProblem
}

/**
 * The names in a pattern that are neither hosts nor groups. For an invalid pattern the list is empty; `select` reports
 * the error.
 */
export const unknownNames = (pattern: string, { hosts, groups }: Names): readonly UnknownName[] => {
  try {
    return parsePattern(pattern).flatMap(({ sign, text }) =>
      isKnown(text, { hosts, groups }) ? [] : [{ sign, problem: unknown(text, hosts, groups) }],
    )
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error
    return []
  }
}

const isKnown = (text: string, { hosts, groups }: Names): boolean =>
  text === 'all' ||
  text.startsWith('~') ||
  isGlob(text) ||
  groups.has(text) ||
  hosts.includes(text) ||
  localNames.includes(text)

/**
 * The hosts of a pattern, each once, in the order of the pattern. A name is looked up as a group first, then as a host.
 *
 * A name that is neither is an error, since a typo would silently leave hosts out; with `strange: 'nobody'` it selects
 * no hosts. A glob without a match is no error, and neither is an excluded name that does not exist.
 *
 * @param source where the pattern is written
 * @throws ConfigError
 */
export const select = (
  pattern: string,
  names: Names,
  source?: Source,
  strange: 'error' | 'nobody' = 'error',
): readonly string[] => {
  try {
    let chosen: readonly string[] = []
    for (const term of parsePattern(pattern)) {
      const isNobody = (strange === 'nobody' || term.sign === 'not') && !isKnown(term.text, names)
      const found = isNobody ? [] : termHosts(term, names)
      if (term.sign === 'or') chosen = [...new Set([...chosen, ...found])]
      else {
        const set = new Set(found)
        chosen = chosen.filter(host => set.has(host) === (term.sign === 'and'))
      }
    }
    return chosen
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error
    throw new ConfigError({ message: error.message, hint: error.hint, ...(source === undefined ? {} : { source }) })
  }
}

const termHosts = ({ text, slice }: Term, names: Names): readonly string[] => {
  const hosts = named(text, names)
  if (slice === undefined || hosts.length === 0) return hosts
  if (slice.to !== undefined) return hosts.slice(slice.from, slice.to === 'end' ? hosts.length : slice.to + 1)
  const one = hosts.at(slice.from)
  if (one !== undefined) return [one]
  throw new PatternProblem(
    `${text}[${slice.from}]: ${text} has ${hosts.length} host${hosts.length === 1 ? '' : 's'}`,
    `the first is ${text}[0], the last ${text}[-1]`,
  )
}

const named = (text: string, { hosts, groups }: Names): readonly string[] => {
  if (text === 'all' || text === '*') return hosts
  const isPattern = text.startsWith('~') || isGlob(text)
  if (!isPattern) {
    const group = groups.get(text)
    if (group !== undefined) return group
    if (hosts.includes(text) || localNames.includes(text)) return [text]
    throw unknown(text, hosts, groups)
  }
  const matches = matcher(text)
  const found = [...groups].filter(([name]) => matches(name)).flatMap(([, members]) => members)
  return [...new Set([...found, ...hosts.filter(matches)])]
}

const unknown = (
  text: string,
  hosts: readonly string[],
  groups: ReadonlyMap<string, readonly string[]>,
): PatternProblem => {
  const own = [...groups.keys()].filter(name => name !== 'all' && name !== 'ungrouped')
  const near = didYouMean(text, [...own, ...hosts, 'all'])
  if (hosts.length === 0)
    return new PatternProblem(`no host or group '${text}': there is no inventory`, 'give one: -i hosts.yml')
  const known = own.length === 0 ? `hosts are ${few(hosts)}` : `groups are ${few(own)}`
  return new PatternProblem(`no host or group '${text}' in the inventory`, near ?? known)
}

const few = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(', ')

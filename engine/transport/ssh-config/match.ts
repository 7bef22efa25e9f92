import { ConfigError } from '../../core/failure.js'
import { wildcard } from '../wildcard.js'

export type Found = ReadonlyMap<string, readonly string[]>

/** The host for which settings are looked up. `name` is as the user wrote it, before HostName. */
export interface SshQuery {
  readonly name: string
  readonly user?: string
  readonly localUser: string
  /** Runs the command of `Match exec`; without it the condition is false. */
  readonly exec?: (command: string, found: Found) => boolean
  /** Set in the second pass, which `Match final` requires. */
  readonly final?: true
}

export type Condition = (query: SshQuery, found: Found) => boolean

/**
 * Criteria of newer versions of ssh. They are refused, since it would be wrong to apply or ignore the lines below them.
 */
const unsupported = /^(localnetwork|tagged|command|sessiontype|version)$/

/** The condition of a `Match` line. `final` and `canonical` are true only in the second pass. */
export const matchCondition = (args: readonly string[]): Condition => {
  return (query, found) => {
    if (args.length === 0) return false
    for (let at = 0; at < args.length; at += 1) {
      const [, not = '', criterion = ''] = /^(!?)(.*)$/.exec(args[at]?.toLowerCase() ?? '') ?? []
      if (criterion === 'all') {
        if (not === '!') return false
        continue
      }
      if (criterion === 'final' || criterion === 'canonical') {
        if ((query.final === true) === (not === '!')) return false
        continue
      }
      at += 1
      const holds = criterionHolds(criterion, args[at] ?? '', query, found)
      if (holds === undefined || holds === (not === '!')) return false
    }
    return true
  }
}

const criterionHolds = (criterion: string, value: string, query: SshQuery, found: Found): boolean | undefined => {
  if (criterion === 'exec') return query.exec === undefined ? undefined : query.exec(value, found)
  if (unsupported.test(criterion))
    throw new ConfigError({
      message: `Match ${criterion} is not supported`,
      hint: 'say the same by Host, or by Match host, user or exec',
    })
  const host = (found.get('hostname')?.[0] ?? query.name).replaceAll('%h', query.name)
  const user = query.user ?? found.get('user')?.[0] ?? query.localUser
  const subject = { host, originalhost: query.name, user, localuser: query.localUser }[criterion]
  return subject === undefined ? undefined : matchesList(value.split(','), subject)
}

/** Whether a list of patterns matches; a `!` pattern that matches excludes the subject. */
export const matchesList = (patterns: readonly string[], subject: string): boolean =>
  patterns.some(one => !one.startsWith('!') && wildcard(one, subject)) &&
  !patterns.some(one => one.startsWith('!') && wildcard(one.slice(1), subject))

import type { HostRecap, RunEnded } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { type Paint, painter } from './colours.js'
import { seconds } from './words.js'

/** The last lines of a run: one for each host, and one for the run. */
export const recapLines = (ended: RunEnded, paint: Paint = painter(false), verbosity = 0): readonly string[] => {
  const hosts = Object.entries(ended.hosts)
  const width = Math.max(0, ...hosts.map(([name]) => name.length))
  const columns = columnsOf(
    hosts.map(([, host]) => host),
    ended.check,
    verbosity,
  )
  return [
    ...hosts.map(([name, host]) => `${paint(colourOf(host), name.padEnd(width))}  ${countsOf(host, columns)}`),
    ...stoppedLines(hosts),
    `${hosts.length} host${hosts.length === 1 ? '' : 's'} in ${seconds(ended.ms)}${knownShare(ended)}`,
    ...(hosts.some(([, { stopped }]) => stopped !== undefined) ? [goesOn] : []),
  ]
}

interface Column {
  readonly word: string
  readonly count: (host: HostRecap) => number
  readonly width: number
}

/** The columns: those that are always shown, and those in which some host has a count. */
const columnsOf = (hosts: readonly HostRecap[], check: boolean, verbosity: number): readonly Column[] => {
  const always: readonly (readonly [string, Column['count']])[] = [
    ['ok', host => host.ok],
    check ? ['would change', host => host.wouldChange] : ['changed', host => host.changed],
    ...(check ? [['unknown', (host: HostRecap) => host.unknown] as const] : []),
    ['skipped', host => host.skipped],
    ['failed', host => host.failed],
    ['unreachable', host => host.unreachable],
  ]
  const sometimes: readonly (readonly [string, Column['count']])[] = [
    check ? ['changed', host => host.changed] : ['would change', host => host.wouldChange],
    ['rescued', host => host.rescued],
    ['ignored', host => host.ignored],
    ['changed, not idempotent', host => host.notIdempotent],
    ['executed in check', host => host.executedInCheck],
    ['only in a run', host => host.onlyInRun],
  ]
  const asked: readonly (readonly [string, Column['count']])[] =
    verbosity > 0 ? [['round trips', host => host.roundTrips]] : []
  const wanted = [...always, ...sometimes.filter(([, count]) => hosts.some(host => count(host) > 0)), ...asked]
  return wanted.map(([word, count]) => ({
    word,
    count,
    width: Math.max(0, ...hosts.map(host => String(count(host)).length)),
  }))
}

const countsOf = (host: HostRecap, columns: readonly Column[]): string =>
  columns
    .map(({ word, count, width }) => `${word}=${String(count(host)).padEnd(width)}`)
    .join('  ')
    .trimEnd()

const goesOn = '→ start the same command again: it goes on where this one stopped'

/** Where each host was interrupted; hosts at the same step share a line. */
const stoppedLines = (hosts: readonly (readonly [string, HostRecap])[]): readonly string[] => {
  const steps = new Map<string, string[]>()
  for (const [name, { stopped }] of hosts) {
    if (stopped !== undefined) addTo(steps, stoppedAt(stopped), name)
  }
  return [...steps].map(([step, names]) => `${names.join(', ')}: ${step}`)
}

const stoppedAt = ({ step, how }: NonNullable<HostRecap['stopped']>): string => {
  switch (how) {
    case 'before':
      return `stopped before the step after '${step}'`
    case 'finished':
      return `stopped; '${step}' was finished`
    case 'ended':
      return `stopped; '${step}' was ended before it was finished`
    case 'running on the host':
      return `stopped; '${step}' may still run on the host: the next run waits for it`
  }
}

const colourOf = (host: HostRecap): 'red' | 'yellow' | 'green' => {
  if (host.failed > 0 || host.unreachable > 0) return 'red'
  return host.changed > 0 || host.wouldChange > 0 || host.unknown > 0 ? 'yellow' : 'green'
}

/**
 * How much of a dry run's plan is known, in percent. Empty where a host did not reach the end of its plays: the size of
 * its plan is not known then.
 */
const knownShare = (ended: RunEnded): string => {
  const hosts = Object.values(ended.hosts)
  if (!ended.check || !hosts.every(isThrough)) return ''
  const sum = (count: (host: HostRecap) => number): number => hosts.reduce((total, host) => total + count(host), 0)
  const unknown = sum(host => host.unknown + host.onlyInRun)
  const known = sum(host => host.ok - host.onlyInRun + host.changed + host.wouldChange + host.skipped)
  return known + unknown === 0 ? '' : `; ${Math.floor((known * 100) / (known + unknown))} % of the plan is known`
}

const isThrough = ({ failed, unreachable, stopped }: HostRecap): boolean =>
  failed === 0 && unreachable === 0 && stopped === undefined

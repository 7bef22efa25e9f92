import type { HostRecap, RunEnded } from '../core/event.js'
import { type Paint, painter } from './colours.js'
import { seconds } from './words.js'

/** The last lines of a run: one a host, and one for all. */
export const recapLines = (ended: RunEnded, paint: Paint = painter(false)): readonly string[] => {
  const hosts = Object.entries(ended.hosts)
  const width = Math.max(0, ...hosts.map(([name]) => name.length))
  return [
    ...hosts.map(([name, host]) => `${paint(colourOf(host), name.padEnd(width))}  ${countsOf(host, ended.check)}`),
    ...hosts.flatMap(([name, { stopped }]) =>
      stopped === undefined ? [] : [`${name} stands at '${stopped.step}' (${stopped.how})`],
    ),
    `${hosts.length} host${hosts.length === 1 ? '' : 's'} in ${seconds(ended.ms)}${knownShare(ended)}`,
  ]
}

const countsOf = (host: HostRecap, check: boolean): string => {
  const always: readonly (readonly [string, number])[] = [
    ['ok', host.ok],
    check ? ['would change', host.wouldChange] : ['changed', host.changed],
    ...(check ? ([['unknown', host.unknown]] as const) : []),
    ['skipped', host.skipped],
    ['failed', host.failed],
    ['unreachable', host.unreachable],
  ]
  const sometimes: readonly (readonly [string, number])[] = [
    ['rescued', host.rescued],
    ['ignored', host.ignored],
    ['changed, not idempotent', host.notIdempotent],
    ['executed in check', host.executedInCheck],
  ]
  return [...always, ...sometimes.filter(([, count]) => count > 0)]
    .map(([word, count]) => `${word}=${count}`)
    .join('  ')
}

const colourOf = (host: HostRecap): 'red' | 'yellow' | 'green' => {
  if (host.failed > 0 || host.unreachable > 0) return 'red'
  return host.changed > 0 || host.wouldChange > 0 || host.unknown > 0 ? 'yellow' : 'green'
}

/** How much of a dry run is known. */
const knownShare = (ended: RunEnded): string => {
  if (!ended.check) return ''
  const hosts = Object.values(ended.hosts)
  const unknown = hosts.reduce((sum, host) => sum + host.unknown, 0)
  const known = hosts.reduce((sum, host) => sum + host.ok + host.wouldChange + host.skipped, 0)
  const share = known + unknown === 0 ? 100 : Math.floor((known * 100) / (known + unknown))
  return `; ${share} % of the plan is known`
}

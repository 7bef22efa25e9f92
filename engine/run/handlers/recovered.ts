import { addTo } from '../../core/grouped.js'
import { command } from '../../shell/quote.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import { hasHandler } from './handlers.js'

/**
 * Notifies recovered handlers again, and reports that, as soon as the play is known to have them. Called again before
 * each flush, since a role or an include may bring the handler. Those that no play has are reported at the end of the
 * run.
 */
export const claimRecovered = ({ run, host, stage }: Pick<StepContext, 'run' | 'host' | 'stage'>): void => {
  const news = host.handlers.unclaimed.filter(note => hasHandler(run, host, stage, note))
  if (news.length === 0) return
  host.handlers.claim(news)
  const when = run.input.check ? 'would run now' : 'will run now'
  const names = news.map(({ name }) => name)
  run.emit({
    kind: 'warning',
    host: host.name,
    message: `an earlier run ended before its handlers ran: ${quoted(names)} ${when}`,
  })
}

/**
 * Warns about recovered notifications that no play has, once for all hosts with the same ones. Hosts that did not reach
 * the end of their plays are left out.
 */
export const tellUnclaimed = (run: RunContext, hosts: Iterable<Host>): void => {
  const alike = new Map<string, Host[]>()
  for (const host of hosts) {
    const unclaimed = unclaimedOf(run, host)
    if (unclaimed.length > 0) addTo(alike, JSON.stringify(unclaimed), host)
  }
  for (const [key, hostsWithIt] of alike) {
    const unclaimed: ReturnType<typeof unclaimedOf> = JSON.parse(key)
    const whose = [...new Set(unclaimed.map(({ owner }) => owner))].map(owner => owner || 'an older tkplay').join(', ')
    const who = hostsWithIt.map(({ name }) => name).join(', ')
    const them = unclaimed.length === 1 ? 'it' : 'them'
    run.emit({
      kind: 'warning',
      // An event is about one host, or about the run.
      ...(hostsWithIt.length === 1 ? { host: who } : {}),
      message: `${hostsWithIt.length === 1 ? '' : `${who}: `}an earlier run ended before ${quoted(unclaimed.map(({ name }) => name))} of ${whose} ran, and no play that ran here has ${them}`,
      hint: `run what has ${them}; to be rid of ${them}: ${command(['rm', ...unclaimed.map(({ file }) => file)])} on ${hostsWithIt.length === 1 ? who : 'each of them'}`,
    })
  }
}

const unclaimedOf = (run: RunContext, host: Host) =>
  host.status !== 'live' || host.timeline.peek() !== undefined
    ? []
    : host.handlers.unclaimed
        .filter(note => !host.timeline.stages.some(stage => hasHandler(run, host, stage, note)))
        .map(({ name, owner, file }) => ({ name, owner, file }))
        .sort((one, other) => (one.file < other.file ? -1 : 1))

const quoted = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')

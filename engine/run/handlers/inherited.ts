import { addTo } from '../../core/grouped.js'
import { command } from '../../shell/quote.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import { hasHandler } from './handlers.js'

/**
 * What an earlier run owed, and the play has, is notified again, and that is said: as soon as it is known. A role or an include may bring
 * the handler after the host was greeted, so it is asked again before a flush; what nothing brought is told at the end.
 */
export const takeInherited = ({ run, host, stage }: Pick<StepContext, 'run' | 'host' | 'stage'>): void => {
  const news = host.inherited.filter(note => !note.isTaken && hasHandler(run, host, stage, note))
  if (news.length === 0) return
  host.handlersRun.clear()
  for (const note of news) {
    note.isTaken = true
    host.notified.add(note.name)
    host.owed.set(note.name, note)
  }
  const when = run.input.check ? 'would run now' : 'will run now'
  const names = news.map(({ name }) => name)
  run.emit({
    kind: 'warning',
    host: host.name,
    message: `an earlier run ended before its handlers ran: ${quoted(names)} ${when}`,
  })
}

/**
 * What an earlier run owed, and no play has, once for all hosts that have the same. Of a host that did not come to its end nobody
 * knows that.
 */
export const tellOwed = (run: RunContext, hosts: Iterable<Host>): void => {
  const alike = new Map<string, Host[]>()
  for (const host of hosts) {
    const stray = strayOf(run, host)
    if (stray.length > 0) addTo(alike, JSON.stringify(stray), host)
  }
  for (const [key, owing] of alike) {
    const stray: ReturnType<typeof strayOf> = JSON.parse(key)
    const whose = [...new Set(stray.map(({ owner }) => owner))].map(owner => owner || 'an older tkplay').join(', ')
    const who = owing.map(({ name }) => name).join(', ')
    const them = stray.length === 1 ? 'it' : 'them'
    run.emit({
      kind: 'warning',
      // An event is of one host, or of the run.
      ...(owing.length === 1 ? { host: who } : {}),
      message: `${owing.length === 1 ? '' : `${who}: `}an earlier run ended before ${quoted(stray.map(({ name }) => name))} of ${whose} ran, and no play that ran here has ${them}`,
      hint: `run what has ${them}; to be rid of ${them}: ${command(['rm', ...stray.map(({ file }) => file)])} on ${owing.length === 1 ? who : 'each of them'}`,
    })
  }
}

const strayOf = (run: RunContext, host: Host) =>
  host.status !== 'live' || host.timeline.peek() !== undefined
    ? []
    : host.inherited
        .filter(note => !note.isTaken && !host.timeline.stages.some(stage => hasHandler(run, host, stage, note)))
        .map(({ name, owner, file }) => ({ name, owner, file }))
        .sort((one, other) => (one.file < other.file ? -1 : 1))

const quoted = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')

import { addTo } from '../core/grouped.js'
import { command } from '../shell/quote.js'
import { isHandler } from './handlers.js'
import type { Host } from './host.js'
import type { RunState } from './run-state.js'

/**
 * What an earlier run owed, and a play has: said once, as soon as that is known. A role or an include may bring it after the
 * host was greeted, so it is asked again before a flush; what nothing brought is told at the end.
 */
export const tellInherited = (run: RunState, host: Host): void => {
  const news = [...host.inherited.keys()].filter(name => !host.toldOf.has(name) && isHandler(run, host, name))
  if (news.length === 0) return
  for (const name of news) host.toldOf.add(name)
  const when = run.input.check ? 'would run now' : 'will run now'
  run.emit({
    kind: 'warning',
    host: host.name,
    message: `an earlier run ended before its handlers ran: ${quoted(news)} ${when}`,
  })
}

/**
 * What an earlier run owed, and no play has, once for all hosts that have the same. Of a host that did not come to its end nobody
 * knows that.
 */
export const tellOwed = (run: RunState, hosts: Iterable<Host>): void => {
  const alike = new Map<string, Host[]>()
  for (const host of hosts) {
    const stray = strayOf(run, host)
    if (stray.length > 0) addTo(alike, JSON.stringify(stray), host)
  }
  for (const [key, owing] of alike) {
    const stray: ReturnType<typeof strayOf> = JSON.parse(key)
    const names = stray.map(([name]) => name)
    const files = stray.map(([, file]) => file)
    const who = owing.map(({ name }) => name).join(', ')
    const them = names.length === 1 ? 'it' : 'them'
    run.emit({
      kind: 'warning',
      // An event is of one host, or of the run.
      ...(owing.length === 1 ? { host: who } : {}),
      message: `${owing.length === 1 ? '' : `${who}: `}an earlier run ended before ${quoted(names)} ran, and no play that ran here has ${them}`,
      hint: `run the playbook that has ${them}; to be rid of ${them}: ${command(['rm', ...files])} there`,
    })
  }
}

/** Each with its file on the host. */
const strayOf = (run: RunState, host: Host): readonly (readonly [name: string, file: string])[] =>
  host.status !== 'live' || host.timeline.peek() !== undefined
    ? []
    : [...host.inherited].filter(([name]) => host.owed.has(name) && !isHandler(run, host, name)).sort()

const quoted = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')

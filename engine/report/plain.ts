import type { Event, Reporter } from '../core/event.js'
import { formatSource } from '../core/source.js'
import { type Paint, painter } from './colours.js'
import { recapLines } from './recap.js'
import { detailLines, headline } from './step-lines.js'
import { linesFor } from './words.js'

export interface PlainOptions {
  readonly write: (text: string) => void
  readonly colours: boolean
  readonly diff: boolean
  readonly verbosity: number
}

/** Lines, in the order in which things happen: for pipes, logs, and terminals that are none. */
export const plainReporter = (options: PlainOptions): Reporter => {
  const paint = painter(options.colours)
  const say = (...lines: readonly string[]): void => lines.forEach(line => options.write(`${line}\n`))
  return {
    event: event => say(...linesOf(event, options, paint)),
    close: async () => undefined,
  }
}

/** The lines that one event is worth; none for most. */
export const linesOf = (
  event: Event,
  options: Pick<PlainOptions, 'diff' | 'verbosity'>,
  paint: Paint,
): readonly string[] => {
  switch (event.kind) {
    case 'play-started':
      return [
        '',
        paint('bold', `PLAY ${event.play}`) +
          (event.batch === undefined ? '' : ` (batch ${event.batch + 1}: ${event.hosts.join(', ')})`),
      ]
    case 'step-ended':
      return isWorthALine(event.status, options.verbosity) || event.message !== undefined
        ? [headline(event, paint), ...detailLines(event, { ...options, paint })]
        : []
    case 'step-retried':
      return [`retrying: ${event.host} › ${event.step.name} (${event.left} left)`]
    case 'host-failed':
      return [`${paint('red', 'failed')}: ${event.host}`, ...linesFor(event.failure).map(line => `  ${line}`)]
    case 'warning': {
      const place = event.source === undefined ? '' : ` (${formatSource(event.source)})`
      return [
        `${paint('magenta', 'warning')}: ${event.host === undefined ? '' : `${event.host}: `}${event.message}${place}`,
      ]
    }
    case 'interrupted':
      return [`${event.signal}: no new step is started; what runs is finished (once more to end it at once)`]
    case 'run-ended':
      return ['', paint('bold', event.check ? 'RECAP (nothing was changed)' : 'RECAP'), ...recapLines(event, paint)]
    default:
      return []
  }
}

/** What is as it should be is counted, not told. */
const isWorthALine = (status: string, verbosity: number): boolean =>
  verbosity > 0 || (status !== 'ok' && status !== 'skipped')

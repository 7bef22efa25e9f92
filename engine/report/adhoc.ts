import type { Event, Reporter, StepEnded } from '../core/event.js'
import { addTo } from '../core/grouped.js'
import { isJsonObject, type Json } from '../core/json.js'
import { type Paint, painter, styleOf } from './colours.js'
import { unified } from './diff.js'
import { interruptedText } from './narrator.js'
import { diffLine, onlyInRun, outputOf } from './step-lines.js'
import { linesFor, shown, warningText } from './words.js'

export interface AdhocOptions {
  readonly write: (text: string) => void
  /** Takes warnings and signals, which are not part of a host's answer. */
  readonly aside: (text: string) => void
  readonly colours: boolean
  /** block: a heading and the output; one-line: one line a host; fold: hosts with equal output share one block. */
  readonly layout: 'block' | 'one-line' | 'fold'
  readonly diff: boolean
  readonly verbosity: number
}

/** The report of an ad-hoc command: the output of each host under its name, as soon as the host has answered. */
export const adhocReporter = (options: AdhocOptions): Reporter => {
  const paint = painter(options.colours)
  const folded = new Map<string, string[]>()
  const tell = (host: string, head: string, body: readonly string[]): void => {
    if (options.layout === 'fold') {
      addTo(folded, [head, ...body].join('\n'), host)
    } else if (options.layout === 'one-line') {
      options.write(`${[host, head, ...(body.length === 0 ? [] : [body.join('\\n')])].join(' | ')}\n`)
    } else options.write(`${[`${host} | ${head}`, ...body].join('\n')}\n`)
  }
  return {
    event(event: Event) {
      if (event.kind === 'warning') options.aside(`warning: ${warningText(event)}\n`)
      if (event.kind === 'interrupted') options.aside(`${interruptedText(event)}\n`)
      if (event.kind === 'host-failed') tell(event.host, paint('red', 'FAILED'), linesFor(event.failure))
      if (event.kind === 'step-ended' && event.item === undefined) {
        tell(event.host, headOf(event, paint), bodyOf(event, options, paint))
      }
      if (event.kind === 'run-ended') {
        for (const [text, hosts] of folded) options.write(`${foldedNames(hosts)} | ${text}\n`)
        for (const line of stopped(event)) options.aside(`${line}\n`)
      }
    },
    close: async () => undefined,
  }
}

const foldedNames = (hosts: readonly string[]): string =>
  hosts.length === 1 ? hosts.join('') : `${hosts.length} hosts: ${hosts.join(', ')}`

const stopped = ({ hosts }: Extract<Event, { kind: 'run-ended' }>): readonly string[] =>
  Object.entries(hosts).flatMap(([name, { stopped: at, ...counts }]) =>
    at === undefined || counts.ok + counts.changed + counts.failed > 0 ? [] : [`${name} | NOT RUN`],
  )

const headOf = (event: StepEnded, paint: Paint): string => {
  const { rc } = resultOf(event)
  const word = event.status.replace('-', ' ').toUpperCase()
  return paint(styleOf[event.status], typeof rc === 'number' ? `${word} | rc=${rc}` : word)
}

/**
 * The output of a command, or the changes of a state module, or else the module's result. A failure comes with its
 * remedy.
 */
const bodyOf = (event: StepEnded, options: AdhocOptions, paint: Paint): readonly string[] => {
  const { layout, verbosity } = options
  // Nobody can read a diff that is put on one line.
  const diff = options.diff && layout !== 'one-line'
  const all = verbosity > 0 && event.result !== undefined ? shown(event.result).split('\n') : []
  const out = outputOf(event.result)
  if (event.failure !== undefined && (event.failure.failure.kind !== 'task-failed' || out.length === 0)) {
    return [...linesFor(event.failure), ...all]
  }
  if (all.length > 0) return all
  if (typeof resultOf(event)['stdout'] === 'string') return out
  if (event.message !== undefined) return shown(event.message).split('\n')
  if (event.changes.length > 0) {
    return event.changes.flatMap(change => [
      change.summary,
      ...(diff && change.diff !== undefined ? unified(change.diff).map(line => diffLine(line, paint)) : []),
    ])
  }
  if (event.onlyInRun === true) return [onlyInRun]
  const { changed: _, failed: __, skipped: ___, ...answer } = resultOf(event)
  return Object.keys(answer).length === 0 ? [] : shown(answer).split('\n')
}

const resultOf = (event: StepEnded): { readonly [key: string]: Json } =>
  isJsonObject(event.result) ? event.result : {}

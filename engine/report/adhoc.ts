import type { Reporter, StepEnded } from '../core/event.js'
import { isJsonObject, type Json } from '../core/json.js'
import { type Paint, painter, styleOf } from './colours.js'
import { unified } from './diff.js'
import { linesFor } from './words.js'

export interface AdhocOptions {
  readonly write: (text: string) => void
  readonly colours: boolean
  /** block: a heading and the output; one-line: one line a host; fold: hosts with equal output share one block. */
  readonly layout: 'block' | 'one-line' | 'fold'
  readonly diff: boolean
}

/** For one module on many hosts: each host's output under its name, as soon as it is there. */
export const adhocReporter = (options: AdhocOptions): Reporter => {
  const paint = painter(options.colours)
  const folded = new Map<string, string[]>()
  return {
    event(event) {
      if (event.kind === 'warning') options.write(`warning: ${event.message}\n`)
      if (event.kind === 'host-failed') options.write(`${event.host} | FAILED\n${linesFor(event.failure).join('\n')}\n`)
      if (event.kind === 'interrupted')
        options.write(`${event.signal}: what runs is finished (once more to end it at once)\n`)
      if (event.kind === 'run-ended' && options.layout === 'fold') {
        for (const [body, hosts] of folded) options.write(`${hosts.length} × ${hosts.join(', ')}\n${body}\n`)
      }
      if (event.kind !== 'step-ended' || event.item !== undefined) return
      const body = bodyOf(event, options.diff)
      if (options.layout === 'fold') {
        const text = [headOf(event, painter(false)), ...body].join('\n')
        folded.set(text, [...(folded.get(text) ?? []), event.host])
      } else if (options.layout === 'one-line') {
        options.write(`${event.host} | ${headOf(event, paint)} | ${body.join('\\n')}\n`)
      } else options.write(`${event.host} | ${headOf(event, paint)}\n${body.map(line => `${line}\n`).join('')}`)
    },
    close: async () => undefined,
  }
}

const headOf = (event: StepEnded, paint: Paint): string => {
  const { rc } = resultOf(event)
  const word = event.status.replace('-', ' ').toUpperCase()
  return paint(styleOf[event.status], typeof rc === 'number' ? `${word} | rc=${rc}` : word)
}

const bodyOf = (event: StepEnded, diff: boolean): readonly string[] => {
  const { stdout, stderr } = resultOf(event)
  const out = [stdout, stderr]
    .filter(text => typeof text === 'string' && text !== '')
    .flatMap(text => String(text).split('\n'))
  if (event.status === 'unreachable' || (event.status === 'failed' && out.length === 0))
    return event.failure === undefined ? [] : linesFor(event.failure)
  if (typeof stdout === 'string') return out
  const diffs = diff ? event.changes.flatMap(change => (change.diff === undefined ? [] : unified(change.diff))) : []
  return [
    ...event.changes.map(change => change.summary),
    ...diffs,
    ...JSON.stringify(event.result ?? {}, null, 2).split('\n'),
  ]
}

const resultOf = (event: StepEnded): { readonly [key: string]: Json } =>
  isJsonObject(event.result) ? event.result : {}

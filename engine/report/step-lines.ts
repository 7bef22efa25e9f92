import type { StepEnded } from '../core/event.js'
import { type Paint, styleOf } from './colours.js'
import { unified } from './diff.js'
import { linesFor, shown } from './words.js'

export interface StepStyle {
  readonly paint: Paint
  readonly diff: boolean
  /** 0: what changed, failed or is unknown; 1: results too. */
  readonly verbosity: number
}

/** What is said under a step on a host, indented by two. */
export const detailLines = (event: StepEnded, { paint, diff, verbosity }: StepStyle): readonly string[] =>
  [
    ...event.changes.map(change => change.summary),
    ...(diff
      ? event.changes.flatMap(change =>
          change.diff === undefined ? [] : unified(change.diff).map(line => diffLine(line, paint)),
        )
      : []),
    ...(event.waitsFor === undefined ? [] : [`waits for ${event.waitsFor}`]),
    ...(event.message === undefined ? [] : shown(event.message).split('\n')),
    ...(event.failure === undefined || event.status === 'skipped' ? [] : linesFor(event.failure)),
    ...(event.notIdempotent === true ? ['changed, and still differs: the task is not idempotent'] : []),
    ...(verbosity > 0 && event.result !== undefined ? shown(event.result).split('\n') : []),
  ].map(line => `  ${line}`)

export const headline = (event: StepEnded, paint: Paint): string => {
  const item = event.item === undefined ? '' : ` (item=${event.item})`
  const delegated = event.delegatedTo === undefined ? '' : ` → ${event.delegatedTo}`
  const status = event.executedInCheck === true ? `${event.status}, executed in check` : event.status
  return `${paint(styleOf[event.status], status.replace('-', ' '))}: ${event.host}${delegated} › ${event.step.name}${item}`
}

const diffLine = (line: string, paint: Paint): string => {
  if (line.startsWith('+')) return paint('green', line)
  if (line.startsWith('-')) return paint('red', line)
  return line.startsWith('@@') ? paint('cyan', line) : line
}

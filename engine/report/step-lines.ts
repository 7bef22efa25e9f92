import type { StepEnded } from '../core/event.js'
import { isJsonObject, type Json } from '../core/json.js'
import { type Paint, styleOf } from './colours.js'
import { unified } from './diff.js'
import { linesFor, shown } from './words.js'

export interface StepStyle {
  readonly paint: Paint
  readonly diff: boolean
  /**
   * 0: steps that changed, failed or are unknown; 1: all steps, with the output of commands; 2: results too; 3: facts
   * too.
   */
  readonly verbosity: number
}

/** The text before and after the host's name in a step's line, and the lines below it. */
export interface StepParts {
  readonly before: string
  readonly after: string
  readonly details: readonly string[]
}

/**
 * Whether a step gets a line. A step that is ok or skipped is only counted, unless a dry run did not execute it or it
 * has a message.
 */
export const isTold = ({ status, message, onlyInRun }: StepEnded, verbosity: number): boolean =>
  verbosity > 0 || (status !== 'ok' && status !== 'skipped') || message !== undefined || onlyInRun === true

export const stepParts = (event: StepEnded, style: StepStyle): StepParts => {
  const status = event.executedInCheck === true ? `${event.status}, executed in check` : event.status
  const item = event.item === undefined ? '' : ` (item=${oneLine(event.item)})`
  const { lead, details } = bodyOf(event, style)
  return {
    before: `${style.paint(styleOf[event.status], status.replace('-', ' '))}: `,
    after: `${delegated(event)} › ${event.step.name}${item}${lead}`,
    details: details.map(line => `  ${line}`),
  }
}

/** The line for a loop whose failure was ignored; its items have lines of their own. */
export const ignoredLoop = (event: StepEnded, { paint }: StepStyle): StepParts => {
  const { results } = isJsonObject(event.result) ? event.result : {}
  const failed = Array.isArray(results) ? results.filter(one => isJsonObject(one) && one['failed'] === true).length : 0
  const what = Array.isArray(results) ? `${failed} of ${results.length} items failed` : 'items failed'
  return {
    before: `${paint(styleOf[event.status], event.status)}: `,
    after: `${delegated(event)} › ${event.step.name}: ${what}`,
    details: [],
  }
}

const delegated = ({ delegatedTo }: StepEnded): string => (delegatedTo === undefined ? '' : ` → ${delegatedTo}`)

/** The first line of a failure, or the only line, is printed beside the step; all other lines below it. */
const bodyOf = (event: StepEnded, style: StepStyle): { readonly lead: string; readonly details: readonly string[] } => {
  const told = event.status === 'skipped' || event.failure === undefined ? [] : linesFor(event.failure)
  const changes = changeLines(event, style)
  const [what] = told
  const more = [...messageLines(event), ...resultLines(event, style)]
  if (what !== undefined) return { lead: `: ${what}`, details: [...changes, ...told.slice(1), ...more] }
  const waits = event.waitsFor === undefined ? [] : [`waits for ${event.waitsFor}`]
  const notDone = event.onlyInRun === true && changes.length === 0 ? [onlyInRun] : []
  const lines = [...waits, ...notDone, ...changes, ...more]
  const [only = '', ...rest] = lines
  if (lines.length > 0 && rest.length === 0 && event.message === undefined) return { lead: ` — ${only}`, details: [] }
  return { lead: '', details: lines }
}

/** The text for a step that a dry run does not execute. */
export const onlyInRun = 'only done in a run'

const changeLines = (event: StepEnded, { paint, diff }: StepStyle): readonly string[] => [
  ...summaries(event),
  ...((event.diff ?? diff)
    ? event.changes.flatMap(change =>
        change.diff === undefined ? [] : unified(change.diff).map(line => diffLine(line, paint)),
      )
    : []),
  ...(event.notIdempotent === true
    ? ['still not in the wanted state after the change: the task is not idempotent']
    : []),
]

/**
 * The summaries of changes. That a command ran is clear from its step. Of a failed step it is not known which changes
 * were made, so its summaries are marked as `wanted`.
 */
const summaries = ({ changes, status, failure }: StepEnded): readonly string[] =>
  changes
    .filter(({ kind }) => kind !== 'run' || status === 'would-change')
    .map(({ summary }) => (failure === undefined ? summary : `wanted: ${summary}`))

const messageLines = ({ message }: StepEnded): readonly string[] =>
  message === undefined ? [] : shown(message).split('\n')

const resultLines = ({ step, result, failure, message }: StepEnded, { verbosity }: StepStyle): readonly string[] => {
  if (verbosity === 0 || result === undefined) return []
  if (verbosity === 2 && step.module === 'setup' && failure === undefined) return ['all facts: -vvv']
  if (verbosity > 1) return shown(result).split('\n')
  return failure === undefined && message === undefined ? outputOf(result) : []
}

/** The output of a command in a result, as lines. */
export const outputOf = (result: Json | undefined): readonly string[] => {
  const { stdout, stderr } = isJsonObject(result) ? result : {}
  return [stdout, stderr].flatMap(text => (typeof text === 'string' && text !== '' ? text.trimEnd().split('\n') : []))
}

const oneLine = (text: string): string => {
  const [first = ''] = text.split('\n')
  return first.length > 100 || first !== text ? `${first.slice(0, 100)}…` : first
}

export const diffLine = (line: string, paint: Paint): string => {
  if (line.startsWith('+')) return paint('green', line)
  if (line.startsWith('-')) return paint('red', line)
  return line.startsWith('@@') ? paint('cyan', line) : line
}

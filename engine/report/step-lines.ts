import type { StepEnded } from '../core/event.js'
import { isJsonObject, type Json } from '../core/json.js'
import { type Paint, styleOf } from './colours.js'
import { unified } from './diff.js'
import { linesFor, shown } from './words.js'

export interface StepStyle {
  readonly paint: Paint
  readonly diff: boolean
  /** 0: what changed, failed or is unknown; 1: all steps, and what commands said; 2: results too; 3: facts too. */
  readonly verbosity: number
}

/** A step's line around the host's name, and the lines under it. */
export interface StepParts {
  readonly before: string
  readonly after: string
  readonly details: readonly string[]
}

/** What is as it should be is counted, not told; what is only taken to be is told. */
export const isTold = ({ status, message, onlyInRun }: StepEnded, verbosity: number): boolean =>
  verbosity > 0 || (status !== 'ok' && status !== 'skipped') || message !== undefined || onlyInRun === true

export const stepParts = (event: StepEnded, style: StepStyle): StepParts => {
  const status = event.executedInCheck === true ? `${event.status}, executed in check` : event.status
  const item = event.item === undefined ? '' : ` (item=${oneLine(event.item)})`
  const { lead, details } = said(event, style)
  return {
    before: `${style.paint(styleOf[event.status], status.replace('-', ' '))}: `,
    after: `${delegated(event)} › ${event.step.name}${item}${lead}`,
    details: details.map(line => `  ${line}`),
  }
}

/** What its items came to was told; that they are forgiven is left. */
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

/** A failure's first line, or the only thing that there is to say, stands beside the step; all else under it. */
const said = (event: StepEnded, style: StepStyle): { readonly lead: string; readonly details: readonly string[] } => {
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

/** Of a step that a dry run has not asked. */
export const onlyInRun = 'only done in a run'

const changeLines = (event: StepEnded, { paint, diff }: StepStyle): readonly string[] => [
  ...summaries(event),
  ...((event.diff ?? diff)
    ? event.changes.flatMap(change =>
        change.diff === undefined ? [] : unified(change.diff).map(line => diffLine(line, paint)),
      )
    : []),
  ...(event.notIdempotent === true ? ['changed, and still differs: the task is not idempotent'] : []),
]

/** That a command ran is what its step says already. How much of it a failed step has done, nobody knows. */
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

/** What a command printed. */
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

import type { Failure, ReportedFailure } from '../../core/failure.js'
import type { JsonObject } from '../../core/json.js'
import type { Change } from '../../core/module.js'
import { fromJson, type Value } from '../../core/value.js'
import { wordsFor } from '../../report/words.js'
import type { StepContext } from '../context.js'
import type { EvaluatedStep } from '../step/evaluate.js'
import type { Result } from '../step/result.js'
import { reported } from './failures.js'

/** The result of a step that failed on its host, with the changes made before. */
export const failed = (
  context: StepContext,
  evaluated: EvaluatedStep,
  failure: Failure,
  changes: readonly Change[] = [],
): Result => {
  const failureReport = reported(failure, context.step, evaluated.module)
  const value: Value = new Map<string, Value>([
    ['changed', changes.length > 0],
    ['failed', true],
    ['msg', messageOf(failureReport)],
    ...(failure.kind === 'timeout' ? ([['timedout', new Map([['period', failure.ms / 1000]])]] as const) : []),
    ...('raw' in failureReport.failure && failureReport.failure.raw !== undefined
      ? rawFields(failureReport.failure.raw)
      : []),
    ...(failure.kind === 'apply-failed' ? fieldsOf(failure.result ?? {}) : []),
  ])
  return { status: 'failed', value, changes, failure: failureReport }
}

const messageOf = (one: ReportedFailure): string =>
  'message' in one.failure && one.failure.message !== undefined ? one.failure.message : wordsFor(one).what

const rawFields = (raw: {
  readonly rc: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}): readonly (readonly [string, Value])[] => [
  ['rc', raw.rc],
  ['stdout', new TextDecoder().decode(raw.stdout)],
  ['stderr', new TextDecoder().decode(raw.stderr)],
]

const fieldsOf = (result: JsonObject): readonly (readonly [string, Value])[] =>
  Object.entries(result).map(([name, value]) => [name, fromJson(value)])

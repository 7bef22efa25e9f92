import type { StepEnded, StepStatus } from '../../core/event.js'
import type { ReportedFailure } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import { isDict, Secret, Unknown, type Value } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import type { StepContext } from '../context.js'
import { flag } from '../variables/conditions.js'
import { maskChanges, maskFailure, maskJson } from './redact.js'
import type { Result } from './result.js'

export const hiddenFailure: ReportedFailure = {
  failure: { kind: 'task-failed', message: 'the output has been hidden by no_log' },
}

/** The end of a step, or of one item. */
interface Ended {
  readonly result: Result
  readonly status: StepStatus
  readonly ms: number
  /** Texts that must not be shown. */
  readonly secrets: readonly string[]
  /** The label of the item. */
  readonly item?: string
}

/** Emits the `step-ended` event. */
export const reportStep = (context: StepContext, { result, status, ms, secrets, item }: Ended): void => {
  const { run, host, name } = context
  const noLog = isQuiet(context)
  const diff = diffOf(context)
  const event: StepEnded = {
    kind: 'step-ended',
    host: host.name,
    step: name,
    status,
    changes: noLog
      ? result.changes.map(({ kind }) => ({ kind, summary: '(no_log)' }))
      : maskChanges(result.changes, secrets),
    ms,
    ...(item === undefined ? {} : { item: noLog ? '(no_log)' : item }),
    ...(result.waitsFor === undefined ? {} : { waitsFor: result.waitsFor }),
    ...(result.failure === undefined
      ? {}
      : {
          failure: noLog ? hiddenFailure : maskFailure(result.failure, secrets),
        }),
    ...(result.message === undefined || noLog ? {} : { message: maskJson(result.message, secrets) }),
    ...(noLog ? {} : { result: maskJson(resultJson(result.value), secrets) }),
    ...(result.delegatedTo === undefined ? {} : { delegatedTo: result.delegatedTo }),
    ...(diff === undefined ? {} : { diff }),
    ...(noLog ? { noLog: true } : {}),
    ...(result.notIdempotent === true ? { notIdempotent: true } : {}),
    ...(result.executedInCheck === true ? { executedInCheck: true } : {}),
    ...(result.onlyInRun === true && status === 'ok' ? { onlyInRun: true } : {}),
  }
  run.emit(event)
}

/** Whether `no_log` hides the step's output. */
export const isQuiet = (context: StepContext): boolean => {
  const { noLog } = context.step
  try {
    // An unknown counts as true, since the output may contain a secret.
    return noLog !== undefined && flag(noLog, context.scope(), true)
  } catch {
    return true
  }
}

const diffOf = (context: StepContext): boolean | undefined => {
  const { diff } = context.step
  return diff === undefined ? undefined : flag(diff, context.scope())
}

/** A result as JSON, without its unknown parts. */
const resultJson = (value: Value): Json => {
  if (value instanceof Unknown) return null
  if (value instanceof Secret) return '***'
  if (Array.isArray(value)) return value.map(resultJson)
  if (!isDict(value)) return toJson(value)
  return Object.fromEntries(
    [...value].filter(([, one]) => !(one instanceof Unknown)).map(([key, one]) => [String(key), resultJson(one)]),
  )
}

import type { StepEnded, StepName, StepStatus } from '../../core/event.js'
import type { ReportedFailure } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { Step } from '../../core/step.js'
import { isDict, Secret, toJson, Unknown, type Value } from '../../core/value.js'
import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'
import { flag } from '../variables/conditions.js'
import { maskChanges, maskFailure, maskJson } from './redact.js'
import type { Result } from './result.js'

interface ReportTurn {
  readonly run: RunContext
  readonly host: Host
  readonly stage: Stage
  readonly step: Step
}

export const hiddenFailure: ReportedFailure = {
  failure: { kind: 'task-failed', message: 'the output has been hidden by no_log' },
}

/** Tells an item, or the whole step, as an event. */
export type Report = (result: Result, status: StepStatus, ms: number, secrets: readonly string[], item?: string) => void

export const reporter =
  ({ run, host, step, stage }: ReportTurn, name: StepName): Report =>
  (result, status, ms, secrets, item) => {
    const noLog = isQuiet(run, host, stage, step)
    const diff = diffOf(run, host, stage, step)
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

/** Whether nothing of the step may be shown but that it ran. */
export const isQuiet = (run: RunContext, host: Host, stage: Stage, step: Step): boolean => {
  try {
    // What is not known yet may hide a secret.
    return (
      step.noLog !== undefined && flag(step.noLog, run.variables.scope(host.name, { play: stage.hosts, step }), true)
    )
  } catch {
    return true
  }
}

const diffOf = (run: RunContext, host: Host, stage: Stage, step: Step): boolean | undefined =>
  step.diff === undefined ? undefined : flag(step.diff, run.variables.scope(host.name, { play: stage.hosts, step }))

/** What is known of a result, as JSON: unknown parts are left out. */
const resultJson = (value: Value): Json => {
  if (value instanceof Unknown) return null
  if (value instanceof Secret) return '***'
  if (Array.isArray(value)) return value.map(resultJson)
  if (!isDict(value)) return toJson(value)
  return Object.fromEntries(
    [...value].filter(([, one]) => !(one instanceof Unknown)).map(([key, one]) => [String(key), resultJson(one)]),
  )
}

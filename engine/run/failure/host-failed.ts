import { ExpressionError } from '../../core/expr.js'
import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import type { RunContext, StepContext } from '../context.js'
import { mayNotReach } from '../dry-run/conditional-end.js'
import { tellUnknown } from '../dry-run/skip-unknown.js'
import { handlersIfPending } from '../handlers/handlers.js'
import type { Host } from '../host.js'
import { failedValue, type StepResult } from '../step/result.js'
import { hiddenFailure, isQuiet } from '../step/step-events.js'
import type { Path } from '../timeline/path.js'
import { playId, type Stage } from '../timeline/play-run.js'
import { flag, numeric } from '../variables/conditions.js'
import { reported } from './failures.js'

/**
 * An include, a role or a `meta` hangs on what has not run. A run knows everything but what a dry step would have done, and there
 * that is a failure.
 * @param mayChange whether it stands for steps that may change anything
 */
export const passUnknown = (context: StepContext, waitsFor: string, mayChange = true): void => {
  if (context.run.input.check) return tellUnknown(context, waitsFor, mayChange)
  const { file, line } = context.step.source
  fail(context, { kind: 'task-failed', message: `it waits for ${waitsFor} (${file}:${line})` })
}

/** A failure outside any step's own run: the host's, told as such, unless the host perhaps never comes there. */
export const fail = (context: StepContext, failure: Failure): void => {
  const { run, host, stage, step, name } = context
  const open = mayNotReach(host, stage)
  if (open !== undefined && isOfItsStep(failure)) return tellUnknown(context, open.waitsFor, true)
  const told = isQuiet(context) ? hiddenFailure : reported(failure, step)
  run.emit({ kind: 'host-failed', host: host.name, play: playId(stage), failure: told, step: name })
  if (failure.kind === 'unreachable') {
    host.state.count('unreachable')
    host.state.lose()
    return hostLost(run, host, stage)
  }
  host.state.count('failed')
  raise(context, failure, failedValue(failure))
}

/** It comes of doing the step, and not of the host or of tkplay. */
export const isOfItsStep = ({ kind }: Failure): boolean => kind !== 'unreachable' && kind !== 'bug'

/** The step failed on this host: a rescue takes over, or the host is lost. */
export const stepFailed = (context: StepContext, { status, result, value }: StepResult): void => {
  const { run, host, stage } = context
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  if (failure.kind === 'interrupted') host.stop(failure.runsOn === true ? 'running on the host' : 'ended')
  if (status === 'unreachable') {
    host.state.lose()
    return hostLost(run, host, stage)
  }
  raise(context, failure, value)
}

/** What another host did for all of them failed: a rescue takes over here as there, or nobody goes on. */
export const sharedStepFailed = ({ run, host, stage, step }: StepContext, { result, value }: StepResult): void => {
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  registerFailure(host, step, value)
  routeToRescue(run, host, stage, failure)
}

/** Where a failure that was counted leads: to a rescue, or to the end of the play for this host, or for all. */
const raise = (context: StepContext, failure: Failure, value: Value): void => {
  const { run, host, stage, step } = context
  registerFailure(host, step, value)
  const scope = context.scope()
  const guard = host.timeline.cursor.guard()
  host.state.raise(failure)
  const led = routeToRescue(run, host, stage, failure)
  const within = led === 'rescued' ? guard : undefined
  const say = (message: string): void => run.emit({ kind: 'warning', host: host.name, message })
  // Of a run_once the others are told where they wait for it.
  if (asked(() => flag(step.runOnce, scope), false))
    return within === undefined ? run.lastBatch.set(stage.path) : undefined
  if (asked(() => flag(step.anyErrorsFatal, scope), true, say)) failOthers(run, host, stage, failure, within)
}

/** The host goes on where the failure leads. */
export const routeToRescue = (
  run: RunContext,
  host: Host,
  stage: Stage,
  failure: Failure,
): 'rescued' | 'always' | 'lost' => {
  const led = host.timeline.cursor.fail(failure)
  if (led === 'lost') failForGood(run, host, stage)
  if (led === 'rescued') host.state.rescue(failure)
  return led
}

/** any_errors_fatal: the other hosts of the batch fail where they stand; where a rescue took over, only those it is for. */
const failOthers = (run: RunContext, host: Host, stage: Stage, failure: Failure, within: Path | undefined): void => {
  if (within === undefined) {
    // Once: who is in its 'always' by then is not torn out of it.
    if (run.lastBatch.isAtOrPast(stage.path)) return
    run.lastBatch.set(stage.path)
  }
  for (const name of stage.hosts.batch) {
    const other = run.hosts.get(name)
    if (other === undefined || other === host || other.status !== 'live') continue
    if (other.timeline.stage?.state !== stage.state) continue
    if (within === undefined || other.timeline.cursor.isWithin(within)) stage.state.progress.shareFailure(name, failure)
  }
}

const registerFailure = (host: Host, one: Step, value: Value): void => {
  host.register('ansible_failed_result', value)
  const task = { name: one.name?.text ?? one.module, action: one.module }
  host.register('ansible_failed_task', new Map(Object.entries(task)))
}

/** The host failed for good; with force_handlers what was notified runs first. */
const failForGood = (run: RunContext, host: Host, stage: Stage): void => {
  const isForced = run.input.forceHandlers || stage.state.play.forceHandlers
  host.timeline.endWith(isForced ? handlersIfPending(run, host, stage) : [], run.effectOrder.position(host.name))
  // It shares no other host's failure any more.
  stage.state.progress.takeFailure(host.name)
  if (host.state.fail()) hostLost(run, host, stage)
}

/** A bug of tkplay ends the host: for the others that is a failure as any. */
export const abandon = (run: RunContext, host: Host): void => {
  if (host.status !== 'live') return
  host.state.fail()
  const { stage } = host.timeline
  if (stage !== undefined) hostLost(run, host, stage)
}

/**
 * The host has failed already: a keyword that cannot be evaluated is taken for what changes least.
 * @param say where nobody has been told of it
 */
const asked = (question: () => boolean, otherwise: boolean, say?: (message: string) => void): boolean => {
  try {
    return question()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    say?.(error.message)
    return otherwise
  }
}

/** `max_fail_percentage`, `any_errors_fatal` of the play: whether the others go on without the host. */
const hostLost = (run: RunContext, host: Host, stage: Stage): void => {
  const { state, hosts } = stage
  state.progress.hostFailed(host.name)
  const scope = run.variables.scope(host.name, { play: stage.hosts })
  const { batch } = hosts
  const failed = state.progress.failedOf(batch)
  const { maxFailPercentage, anyErrorsFatal } = state.play
  const isTooMany = (): boolean =>
    (failed / batch.length) * 100 > (numeric('max_fail_percentage', maxFailPercentage, scope) ?? 100) ||
    flag(anyErrorsFatal, scope)
  if (failed === batch.length) run.lastBatch.set(stage.path)
  else if (asked(isTooMany, true, message => run.emit({ kind: 'warning', host: host.name, message })))
    failOthers(
      run,
      host,
      stage,
      { kind: 'task-failed', message: `too many hosts failed, ${host.name} the last` },
      undefined,
    )
}

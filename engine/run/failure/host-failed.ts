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
 * For an include, a role or a `meta` that depends on something unknown. A dry run skips it as unknown. In a run a value
 * is unknown only if a task ran with `check_mode: true`; that is a failure.
 * @param mayChange whether unknown steps are skipped with it, which may change anything
 */
export const passUnknown = (context: StepContext, waitsFor: string, mayChange = true): void => {
  if (context.run.input.check) return tellUnknown(context, waitsFor, mayChange)
  const { file, line } = context.step.source
  fail(context, { kind: 'task-failed', message: `waits for ${waitsFor} (${file}:${line})` })
}

/** A failure outside of a step's execution: reported as the host's, unless the host only perhaps gets there. */
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

/** Whether the step is the cause, and not the host or a bug. */
export const isOfItsStep = ({ kind }: Failure): boolean => kind !== 'unreachable' && kind !== 'bug'

/** The step failed on this host: goes to a rescue, or ends the play for the host. */
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

/** A `run_once` step failed on another host: goes to a rescue here as there, or ends the play for the host. */
export const sharedStepFailed = ({ run, host, stage, step }: StepContext, { result, value }: StepResult): void => {
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  registerFailure(host, step, value)
  routeToRescue(run, host, stage, failure)
}

/** Routes a failure that was counted: to a rescue, or to the end of the play for this host or for all. */
const raise = (context: StepContext, failure: Failure, value: Value): void => {
  const { run, host, stage, step } = context
  registerFailure(host, step, value)
  const scope = context.scope()
  const guard = host.timeline.cursor.guard()
  host.state.raise(failure)
  const target = routeToRescue(run, host, stage, failure)
  const within = target === 'rescued' ? guard : undefined
  const say = (message: string): void => run.emit({ kind: 'warning', host: host.name, message })
  // For a run_once step, the other hosts get the failure where they wait for it.
  if (evaluateOr(() => flag(step.runOnce, scope), false))
    return within === undefined ? run.lastBatch.set(stage.path) : undefined
  if (evaluateOr(() => flag(step.anyErrorsFatal, scope), true, say)) failOthers(run, host, stage, failure, within)
}

/** Moves the host to a rescue or an `always`, or to the end of the play. */
export const routeToRescue = (
  run: RunContext,
  host: Host,
  stage: Stage,
  failure: Failure,
): 'rescued' | 'always' | 'lost' => {
  const target = host.timeline.cursor.fail(failure)
  if (target === 'lost') failForGood(run, host, stage)
  if (target === 'rescued') host.state.rescue(failure)
  return target
}

/**
 * any_errors_fatal: the other hosts of the batch fail at their current step; where a rescue follows, only the hosts
 * inside its block.
 */
const failOthers = (run: RunContext, host: Host, stage: Stage, failure: Failure, within: Path | undefined): void => {
  if (within === undefined) {
    // Only once: a host that is in an `always` by then must finish it.
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

/** The host failed for good. With force_handlers its notified handlers run first. */
const failForGood = (run: RunContext, host: Host, stage: Stage): void => {
  const isForced = run.input.forceHandlers || stage.state.play.forceHandlers
  host.timeline.endWith(isForced ? handlersIfPending(run, host, stage) : [], run.effectOrder.position(host.name))
  // Failures of other hosts do not matter to this host any more.
  stage.state.progress.takeFailure(host.name)
  if (host.state.fail()) hostLost(run, host, stage)
}

/** Ends a host because of a bug in tkplay; for the other hosts this is a failure like any other. */
export const abandon = (run: RunContext, host: Host): void => {
  if (host.status !== 'live') return
  host.state.fail()
  const { stage } = host.timeline
  if (stage !== undefined) hostLost(run, host, stage)
}

/**
 * Evaluates a keyword of a failed host; if that fails, `otherwise` counts.
 * @param say reports the error, where nobody else has
 */
const evaluateOr = (question: () => boolean, otherwise: boolean, say?: (message: string) => void): boolean => {
  try {
    return question()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    say?.(error.message)
    return otherwise
  }
}

/** Applies `max_fail_percentage` and `any_errors_fatal` of the play to the other hosts. */
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
  else if (evaluateOr(isTooMany, true, message => run.emit({ kind: 'warning', host: host.name, message })))
    failOthers(
      run,
      host,
      stage,
      { kind: 'task-failed', message: `too many hosts failed, ${host.name} the last` },
      undefined,
    )
}

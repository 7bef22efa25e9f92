import type { Failure } from '../core/failure.js'
import type { Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import { flag } from './conditions.js'
import { reported } from './failures.js'
import { handlersOf, namesOf } from './handlers.js'
import type { Host } from './host.js'
import { type Place, stop } from './place.js'
import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'
import type { StepResult } from './step-run.js'

/** A failure outside any step's own run: the host's, told as such. */
export const fail = ({ run, host, stage }: Place, step: Step, failure: Failure): void => {
  run.emit({ kind: 'host-failed', host: host.name, failure: reported(failure, step) })
  if (failure.kind === 'unreachable') {
    host.counts.unreachable++
    host.status = 'unreachable'
    return lost(run, host, stage)
  }
  host.counts.failed++
  if (host.timeline.cursor.fail(failure) === 'lost') giveUp(run, host, stage)
}

/** The step failed on this host: a rescue takes over, or the host is lost. */
export const broken = (place: Place, one: Step, { status, result, value }: StepResult): void => {
  const { run, host, stage } = place
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  if (failure.kind === 'interrupted') stop(host, 'ended')
  if (status === 'unreachable') {
    host.status = 'unreachable'
    return lost(run, host, stage)
  }
  registerFailure(host, one, value)
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  const fatal = flag(one.anyErrorsFatal, scope) || flag(one.runOnce, scope)
  const led = host.timeline.cursor.fail(failure)
  if (led === 'rescued') {
    host.counts.failed--
    host.counts.rescued++
  } else if (led === 'lost') {
    giveUp(run, host, stage)
    if (fatal) run.giveUp(stage)
  }
}

/** What another host did for all of them failed: a rescue takes over here as there, or nobody goes on. */
export const brokenElsewhere = ({ run, host, stage }: Place, one: Step, { result, value }: StepResult): void => {
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  registerFailure(host, one, value)
  if (host.timeline.cursor.fail(failure) === 'lost') run.giveUp(stage)
}

const registerFailure = (host: Host, one: Step, value: Value): void => {
  host.register('ansible_failed_result', value)
  const task = { name: one.name?.text ?? one.module, action: one.module }
  host.register('ansible_failed_task', new Map(Object.entries(task)))
}

/** The host failed for good; with force_handlers what was notified runs first. */
export const giveUp = (run: RunState, host: Host, stage: Stage): void => {
  if (host.status === 'failed') return
  const force = run.input.forceHandlers || stage.state.play.forceHandlers
  const handlers = force
    ? handlersOf(stage).filter(one => namesOf(run, host, stage, one).some(name => host.notified.has(name)))
    : []
  host.status = 'failed'
  if (handlers.length > 0) host.forced = handlers
  lost(run, host, stage)
}

const lost = (run: RunState, host: Host, stage: Stage): void => {
  const { state, hosts } = stage
  state.failed.add(host.name)
  const scope = run.variables.scope(host.name, { play: stage.hosts })
  const { batch } = hosts
  const failed = batch.filter(name => state.failed.has(name)).length
  const most = Number(state.play.maxFailPercentage?.evaluate(scope) ?? 100)
  if (failed === batch.length || (failed / batch.length) * 100 > most || flag(state.play.anyErrorsFatal, scope))
    run.giveUp(stage)
}

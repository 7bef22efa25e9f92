import { ExpressionError } from '../core/expr.js'
import { TkplayError } from '../core/failure.js'
import { wordsFor } from '../report/words.js'
import { StepContext } from './context.js'
import { failureOf, reported } from './failure/failures.js'
import { abandon, fail, routeToRescue, sharedStepFailed, stepFailed } from './failure/host-failed.js'
import { endNotifications, finishHandler, finishRescued } from './handlers/finish.js'
import type { Host } from './host.js'
import type { Outcome } from './pipeline/outcome.js'
import { runRole, runStep } from './pipeline/pipeline.js'
import type { RunState } from './run-state.js'
import { recordResult, recordShared } from './step/record-result.js'
import type { StepResult } from './step/result.js'
import { loadVarsFiles } from './step/vars-files.js'
import type { Next } from './timeline/cursor.js'
import { CalledOff, Interrupted } from './timeline/interrupted.js'
import { playId, type Stage } from './timeline/play-run.js'
import { allOf } from './variables/role-steps.js'

type Work = Exclude<Next, undefined | { readonly kind: 'raise' }>

/** Walks one host through its timeline, to the end or to its failure. Rejects only for a bug. */
export const hostLoop = async (run: RunState, host: Host): Promise<void> => {
  await host.slot.take()
  let before: Stage | undefined
  try {
    for (;;) {
      const here = host.timeline.peek()
      if (host.state.takeRescued() && before !== undefined) await finished(run, host, finishRescued(run, host, before))
      if (before !== undefined && here?.stage !== before && host.status === 'live')
        await finished(run, host, endNotifications(run, host))
      before = here?.stage
      if (here === undefined || host.status === 'unreachable') return
      const { stage, next } = here
      if (run.input.stopping.aborted) return host.stop(host.current === undefined ? 'before' : 'finished')
      if (run.lastBatch.isPast(stage.path)) return
      const failure = next.kind === 'raise' ? next.failure : stage.state.progress.takeFailure(host.name)
      if (failure !== undefined) routeToRescue(run, host, stage, failure)
      else if (stage.state.progress.isEnded) host.timeline.endPlay()
      else if (next.kind !== 'raise') await take(run, host, stage, next)
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      abandon(run, host)
      throw error
    }
    if (run.input.stopping.aborted) host.stop('before')
  } finally {
    run.effectOrder.leave(host.name)
    // Where hosts wait for a slot, this host also gives up its connections, so that no more than `forks` hosts are
    // connected.
    if (host.slot.wanted) run.machines.rest(host.name)
    host.slot.give()
  }
}

/** Erases notes on the host. A failure is only a warning: the handlers run next time. */
const finished = async (run: RunState, host: Host, work: Promise<void>): Promise<void> => {
  try {
    await work
  } catch (error) {
    if (!isExpected(error)) throw error
    const { what } = wordsFor(reported(failureOf(error)))
    run.emit({
      kind: 'warning',
      host: host.name,
      message: `handlers stay noted on the host, and run next time: ${what}`,
    })
  }
}

/** Runs the next step or role of the host. */
const take = async (run: RunState, host: Host, stage: Stage, next: Work): Promise<void> => {
  const handler = next.kind === 'step' && next.handler
  const step = next.kind === 'role' ? allOf(next.use) : next.step
  const context = new StepContext({ run, host, stage, path: next.path, handler }, step)
  host.comeTo(step.id)
  run.effectOrder.moveTo(host.name, next.path)
  announce(run, stage)
  try {
    await loadVarsFiles(run, host, stage)
    await goOn(context, next.kind === 'role' ? await runRole(context, next.use) : await runStep(context))
  } catch (error) {
    if (error instanceof CalledOff) {
      host.handlers.abandon(step)
      return
    }
    if (!isExpected(error)) throw error
    fail(context, failureOf(error, step))
  }
}

/** Records the outcome of a step, and moves the host on. */
const goOn = async (context: StepContext, outcome: Outcome): Promise<void> => {
  const { cursor } = context.host.timeline
  switch (outcome.kind) {
    case 'moved':
      return
    case 'passed':
      return cursor.advance()
    case 'done':
      recordResult(context, outcome.ended)
      if (isFailed(outcome.ended)) return stepFailed(context, outcome.ended)
      break
    case 'shared':
      recordShared(context, outcome.ended)
      if (isFailed(outcome.ended)) return sharedStepFailed(context, outcome.ended)
  }
  if (context.handler) await finishHandler(context)
  cursor.advance()
}

const isFailed = ({ status }: StepResult): boolean => status === 'failed' || status === 'unreachable'

/** Keywords that cannot be evaluated, and lost hosts, are failures of that host; any other error is a bug. */
const isExpected = (error: unknown): boolean => error instanceof ExpressionError || error instanceof TkplayError

const announce = (run: RunState, stage: Stage): void => {
  const { state, batch, hosts } = stage
  if (!state.progress.announce(batch)) return
  const serial = state.batches.length > 1 ? { batch } : {}
  run.emit({ kind: 'play-started', id: playId(stage), play: state.play.name, hosts: hosts.batch, ...serial })
}

import type { Change, Plan } from '../../core/module.js'
import type { StepContext } from '../context.js'
import { broughtBy, dependsOnPending, doneBy, overtakenBy, seenAfter, undoneBy } from '../dry-run/foresee.js'
import { failureOf } from '../failure/failures.js'
import { failed } from '../failure/results.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { EvaluatedStep } from './evaluate.js'
import { answersTo, catchUp, isFresh, isShared, observeAll, readsCluster, seenBy } from './observe.js'
import { lookAhead } from './read-ahead.js'
import { outdated, type Result, registered, unknown } from './result.js'

export type Planned = { readonly kind: 'planned'; readonly plan: Plan<Change>; readonly seen: unknown }
export type PlanResult = { readonly kind: 'settled'; readonly result: Result } | Planned

/**
 * Observes and plans. Unless the step is simply converged, that is repeated at the step's turn, since other hosts may
 * change something before.
 */
export const observeAndPlan = async (context: StepContext, evaluated: EvaluatedStep): Promise<PlanResult> => {
  for (let ours = false; ; ours = true) {
    await observe(context, evaluated)
    const answers = answersTo(evaluated)
    const looked = await planFromSeen(context, evaluated)
    // A step that only reads also waits for its turn, since later steps depend on its answer, and other hosts may
    // change this host or the cluster before.
    const mustWait = () =>
      readsCluster(evaluated) ||
      evaluated.module.looks !== undefined ||
      dependsOnPending(context.run, evaluated) ||
      isShared(evaluated)
    const settled = looked.kind === 'settled' && looked.result.status === 'ok' && !mustWait()
    if (settled || (ours && isFresh(evaluated))) return looked
    await waitForTurn(context)
    catchUp(evaluated)
    if (!isFresh(evaluated)) continue
    // A plan depends on the observation only; a failure, and a dry run's prediction, also depend on pending steps of
    // other hosts.
    const planned =
      !dependsOnPending(context.run, evaluated) && (looked.kind === 'planned' || looked.result.status === 'ok')
    const same = answersTo(evaluated).every((answer, index) => answer === answers[index])
    return planned && same ? looked : planFromSeen(context, evaluated)
  }
}

/** Sends the reads of this step, and of the steps to come, in one round trip. */
export const observe = async (context: StepContext, evaluated: EvaluatedStep): Promise<void> => {
  if (isFresh(evaluated)) return
  const { run, host } = context
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  await observeAll([evaluated, ...ahead])
  host.windowHeld()
}

/** Plans from the last answers. */
export const planFromSeen = async (context: StepContext, evaluated: EvaluatedStep): Promise<PlanResult> => {
  const { refusedHere } = evaluated.module
  if (refusedHere !== undefined && evaluated.machine.isHere)
    return { kind: 'planned', plan: { refused: refusedHere, data: {} }, seen: undefined }
  try {
    const today = await seenBy(evaluated)
    const foreseen = seenAfter(context, evaluated, today)
    const seen = foreseen ?? today
    const plan = evaluated.module.plan(evaluated.params, seen, evaluated.facts) as Plan<Change>
    const isDone = 'changes' in plan && plan.changes.length === 0
    const before =
      overtakenBy(context, evaluated, seen) ??
      (isDone && foreseen === undefined ? undoneBy(context, evaluated, seen) : undefined)
    if (before !== undefined) return { kind: 'settled', result: outdated(evaluated, `'${before}' to run`) }
    const first = 'changes' in plan && !isDone && foreseen === undefined ? doneBy(context, evaluated, seen) : undefined
    if (first !== undefined && 'changes' in plan)
      return { kind: 'settled', result: { ...unknown(`'${first}' to run`), changes: plan.changes } }
    if (isDone) {
      const value = registered(evaluated.module.value?.(evaluated.params, seen, []), { changed: false })
      return { kind: 'settled', result: { status: 'ok', value, changes: [] } }
    }
    return { kind: 'planned', plan, seen }
  } catch (error) {
    return { kind: 'settled', result: notSeen(context, evaluated, error) }
  }
}

/** Plans again at the step's turn, under the machine's lock: other hosts may have changed the machine. */
export const planAgain = async (context: StepContext, evaluated: EvaluatedStep): Promise<PlanResult> => {
  catchUp(evaluated)
  if (!isFresh(evaluated)) await observeAll([evaluated])
  return planFromSeen(context, evaluated)
}

/**
 * The result where the state cannot be read. In a dry run a pending step may bring what is missing; otherwise it is a
 * failure.
 */
const notSeen = (context: StepContext, evaluated: EvaluatedStep, error: unknown): Result => {
  const failure = failureOf(error, context.step)
  if (failure.kind === 'unreachable') throw error
  if (failure.kind === 'interrupted') throw new Interrupted()
  const pending = broughtBy(context, evaluated)
  if ((failure.kind === 'not-observed' || failure.kind === 'timeout') && evaluated.checkMode && pending !== undefined) {
    return unknown(`'${pending}' to run`)
  }
  return failed(context, evaluated, failure)
}

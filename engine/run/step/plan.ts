import type { Change, Plan } from '../../core/module.js'
import type { StepContext } from '../context.js'
import { broughtBy, doneBy, hangsOnPending, overtakenBy, seenAfter, undoneBy } from '../dry-run/foresee.js'
import { failureOf } from '../failure/failures.js'
import { failed } from '../failure/results.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { EvaluatedStep } from './evaluate.js'
import { answersTo, catchUp, isFresh, isShared, looksAtCluster, observeAll, seenBy } from './observe.js'
import { lookAhead } from './read-ahead.js'
import { outdated, type Result, registered, unknown } from './result.js'

export type Planned = { readonly kind: 'planned'; readonly plan: Plan<Change>; readonly seen: unknown }
export type PlanResult = { readonly kind: 'settled'; readonly result: Result } | Planned

/** Sees and plans. What is not simply converged is looked at again when it is this step's turn: others may still change it. */
export const observeAndPlan = async (context: StepContext, evaluated: EvaluatedStep): Promise<PlanResult> => {
  for (let ours = false; ; ours = true) {
    await observe(context, evaluated)
    const answers = answersTo(evaluated)
    const looked = await planFromSeen(context, evaluated)
    // What others do before, on this host or to the cluster, counts for a mere look too: later steps hang on it.
    const isLate = () =>
      looksAtCluster(evaluated) ||
      evaluated.module.looks !== undefined ||
      hangsOnPending(context.run, evaluated) ||
      isShared(evaluated)
    const settled = looked.kind === 'settled' && looked.result.status === 'ok' && !isLate()
    if (settled || (ours && isFresh(evaluated))) return looked
    await waitForTurn(context)
    catchUp(evaluated)
    if (!isFresh(evaluated)) continue
    // A plan is made of what was seen alone; a failure, and what a dry run foresees, hang on what others have pending too.
    const planned =
      !hangsOnPending(context.run, evaluated) && (looked.kind === 'planned' || looked.result.status === 'ok')
    const same = answersTo(evaluated).every((answer, index) => answer === answers[index])
    return planned && same ? looked : planFromSeen(context, evaluated)
  }
}

/** Reads this step, and what comes after it, in one round trip. */
export const observe = async (context: StepContext, evaluated: EvaluatedStep): Promise<void> => {
  if (isFresh(evaluated)) return
  const { run, host } = context
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  await observeAll([evaluated, ...ahead])
  host.windowHeld()
}

/** Plans from what was read. */
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

/** At the step's turn, alone on its host: others may have had theirs in between. */
export const planAgain = async (context: StepContext, evaluated: EvaluatedStep): Promise<PlanResult> => {
  catchUp(evaluated)
  if (!isFresh(evaluated)) await observeAll([evaluated])
  return planFromSeen(context, evaluated)
}

/** In a dry run, what cannot be seen may only not be there yet; with nothing pending it is a failure. */
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

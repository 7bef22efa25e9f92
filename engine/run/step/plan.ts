import type { Change, Plan } from '../../core/module.js'
import { broughtBy, doneBy, hangsOnPending, overtakenBy, seenAfter, undoneBy } from '../dry-run/foresee.js'
import { failureOf } from '../failure/failures.js'
import { failed } from '../failure/results.js'
import { type Turn, turnCome } from '../schedule/wait-turn.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { Ready } from './evaluate.js'
import { answersTo, catchUp, isFresh, isShared, looksAtCluster, observeAll, seenBy } from './observe.js'
import { lookAhead } from './read-ahead.js'
import { outdated, type Result, registered, unknown } from './result.js'

export type Planned = { readonly kind: 'planned'; readonly plan: Plan<Change>; readonly seen: unknown }
export type Looked = { readonly kind: 'settled'; readonly result: Result } | Planned

/** Sees and plans. What is not simply converged is looked at again when it is this step's turn: others may still change it. */
export const look = async (turn: Turn, ready: Ready): Promise<Looked> => {
  for (let ours = false; ; ours = true) {
    await see(turn, ready)
    const answers = answersTo(ready)
    const looked = await judge(turn, ready)
    // What others do before, on this host or to the cluster, counts for a mere look too: later steps hang on it.
    const isLate = () =>
      looksAtCluster(ready) || ready.module.looks !== undefined || hangsOnPending(turn.run, ready) || isShared(ready)
    const settled = looked.kind === 'settled' && looked.result.status === 'ok' && !isLate()
    if (settled || (ours && isFresh(ready))) return looked
    await turnCome(turn)
    catchUp(ready)
    if (!isFresh(ready)) continue
    // A plan is made of what was seen alone; a failure, and what a dry run foresees, hang on what others have pending too.
    const planned = !hangsOnPending(turn.run, ready) && (looked.kind === 'planned' || looked.result.status === 'ok')
    const same = answersTo(ready).every((answer, index) => answer === answers[index])
    return planned && same ? looked : judge(turn, ready)
  }
}

/** Reads this step, and what comes after it, in one round trip. */
export const see = async (turn: Turn, ready: Ready): Promise<void> => {
  if (isFresh(ready)) return
  const { run, host } = turn
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  await observeAll([ready, ...ahead])
  host.windowHeld()
}

/** Plans from what was read. */
export const judge = async (turn: Turn, ready: Ready): Promise<Looked> => {
  const { refusedHere } = ready.module
  if (refusedHere !== undefined && ready.machine.isHere)
    return { kind: 'planned', plan: { refused: refusedHere, data: {} }, seen: undefined }
  try {
    const today = await seenBy(ready)
    const foreseen = seenAfter(turn, ready, today)
    const seen = foreseen ?? today
    const plan = ready.module.plan(ready.params, seen, ready.facts) as Plan<Change>
    const isDone = 'changes' in plan && plan.changes.length === 0
    const before =
      overtakenBy(turn, ready, seen) ?? (isDone && foreseen === undefined ? undoneBy(turn, ready, seen) : undefined)
    if (before !== undefined) return { kind: 'settled', result: outdated(ready, `'${before}' to run`) }
    const first = 'changes' in plan && !isDone && foreseen === undefined ? doneBy(turn, ready, seen) : undefined
    if (first !== undefined && 'changes' in plan)
      return { kind: 'settled', result: { ...unknown(`'${first}' to run`), changes: plan.changes } }
    if (isDone) {
      const value = registered(ready.module.value?.(ready.params, seen, []), { changed: false })
      return { kind: 'settled', result: { status: 'ok', value, changes: [] } }
    }
    return { kind: 'planned', plan, seen }
  } catch (error) {
    return { kind: 'settled', result: notSeen(turn, ready, error) }
  }
}

/** At the step's turn, alone on its host: others may have had theirs in between. */
export const lookAgain = async (turn: Turn, ready: Ready): Promise<Looked> => {
  catchUp(ready)
  if (!isFresh(ready)) await observeAll([ready])
  return judge(turn, ready)
}

/** In a dry run, what cannot be seen may only not be there yet; with nothing pending it is a failure. */
const notSeen = (turn: Turn, ready: Ready, error: unknown): Result => {
  const failure = failureOf(error, turn.step)
  if (failure.kind === 'unreachable') throw error
  if (failure.kind === 'interrupted') throw new Interrupted()
  const pending = broughtBy(turn, ready)
  if ((failure.kind === 'not-observed' || failure.kind === 'timeout') && ready.checkMode && pending !== undefined) {
    return unknown(`'${pending}' to run`)
  }
  return failed(turn, ready, failure)
}

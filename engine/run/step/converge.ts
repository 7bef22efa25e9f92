import type { Failure } from '../../core/failure.js'
import { given } from '../../core/given.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { Change, Verify } from '../../core/module.js'
import { command } from '../../shell/quote.js'
import { broughtBy, clearedBy, isPending } from '../dry-run/foresee.js'
import { failed } from '../failure/results.js'
import { type Turn, turnCome } from '../schedule/wait-turn.js'
import { apply } from './apply.js'
import type { Ready } from './evaluate.js'
import { looksAtCluster, observeAll, outdate, seenBy } from './observe.js'
import { judge, type Looked, look, type Planned, see } from './plan.js'
import { isHarmless, neverCounts } from './prediction.js'
import { allUnknown, partlyKnown, type Result, registered, unknown } from './result.js'

/**
 * Sees, plans, and carries out what is missing.
 * @param waiting makes the instance anew for a `wait` module whose read may take its time
 * @throws TkplayError unreachable; all other failures are results
 */
export const attempt = async (turn: Turn, ready: Ready, waiting: () => Promise<Ready>): Promise<Result> => {
  if (ready.moduleKind === 'action') return act(turn, ready)
  const looked = await look(turn, ready)
  if (looked.kind === 'settled') return looked.result
  if (ready.moduleKind === 'wait')
    return ready.checkMode ? stillMissing(turn, ready, looked) : waitFor(turn, await waiting())
  if ('needs' in looked.plan || 'refused' in looked.plan) return stillMissing(turn, ready, looked)
  if (ready.checkMode) return wouldChange(turn, ready, looked.plan.changes)
  return converge(turn, ready)
}

const stillMissing = (turn: Turn, ready: Ready, looked: Planned): Result => {
  const { plan } = looked
  if (ready.checkMode && isPending(turn, ready)) {
    if ('needs' in plan) return unknown(awaited(plan.needs, broughtBy(turn, ready, plan.at)))
    const brings = ready.moduleKind === 'wait' ? broughtBy(turn, ready) : undefined
    const before = brings ?? ('refused' in plan ? clearedBy(turn, ready, looked.seen) : undefined)
    if (before !== undefined) return unknown(`'${before}' to run`)
  }
  if ('needs' in plan) {
    const { needs, remedy } = plan
    return failed(turn, ready, { kind: 'missing', needs, ...given({ remedy }) })
  }
  if ('refused' in plan) return failed(turn, ready, { kind: 'refused', code: plan.refused, data: plan.data })
  return failed(turn, ready, { kind: 'not-converged', changes: plan.changes })
}

const awaited = (needs: string, brings: string | undefined): string =>
  brings === undefined
    ? `${needs} (no earlier step is known to bring it)`
    : `${needs} ('${brings}' would change things first)`

const wouldChange = (turn: Turn, ready: Ready, changes: readonly Change[]): Result =>
  ready.whenUnknown === undefined
    ? { status: 'would-change', value: partlyKnown(`'${turn.name.name}' to run`), changes }
    : { ...unknown(ready.whenUnknown.waitsFor), changes }

const waitFor = async (turn: Turn, ready: Ready): Promise<Result> => {
  await turnCome(turn)
  turn.run.emit({ kind: 'step-started', host: turn.host.name, step: turn.name })
  // It changes nothing, and may last for hours: Ctrl-C ends it at once.
  await observeAll([ready], [], turn.run.input.stopping)
  // What was waited for has changed without us: what was read ahead is of the time before.
  outdate(ready)
  if (looksAtCluster(ready)) turn.run.epochs.raiseCluster()
  const looked = await judge(turn, ready)
  return looked.kind === 'settled' ? looked.result : stillMissing(turn, ready, looked)
}

/** Applies, and looks again: the same reads, together with those of the steps that follow. */
const converge = async (turn: Turn, ready: Ready): Promise<Result> => {
  const applied = await apply(turn, ready)
  if ('overtaken' in applied) return withoutUs(turn, ready, applied.overtaken)
  const { changes } = applied
  if ('failure' in applied) return failed(turn, ready, applied.failure, changes)
  await see(turn, ready)
  const looked = await judge(turn, ready)
  if (looked.kind === 'settled' && looked.result.status !== 'ok') return { ...looked.result, changes }
  if (looked.kind === 'settled') {
    const seen = await seenBy(ready)
    const value = registered(ready.module.value?.(ready.params, seen, applied.values), { changed: true })
    return { status: 'changed', value, changes, ...inCheck(turn) }
  }
  const left = 'changes' in looked.plan ? looked.plan.changes : []
  const verify = verifyOf(ready, looked.seen)
  if (verify !== 'strict' && 'changes' in looked.plan) {
    const value = registered(ready.module.value?.(ready.params, looked.seen, applied.values), { changed: true })
    return {
      status: 'changed',
      value,
      changes,
      ...(verify === 'lenient' ? { notIdempotent: true } : {}),
      ...inCheck(turn),
    }
  }
  if ('needs' in looked.plan || 'refused' in looked.plan) return { ...stillMissing(turn, ready, looked), changes }
  return failed(turn, ready, { kind: 'not-converged', changes: left }, changes)
}

/** Another did it first, or left something in the way. */
const withoutUs = (turn: Turn, ready: Ready, looked: Looked): Result =>
  looked.kind === 'settled' ? looked.result : stillMissing(turn, ready, looked)

const verifyOf = ({ module, params }: Ready, seen: unknown): Verify =>
  (typeof module.verify === 'function' ? module.verify(params, seen) : module.verify) ?? 'strict'

/** An action runs once, at its turn, and is never verified; its guard may say that there is nothing to do. */
const act = async (turn: Turn, ready: Ready): Promise<Result> => {
  const looked = await look(turn, ready)
  if (looked.kind === 'settled') return looked.result
  if ('needs' in looked.plan || 'refused' in looked.plan) return stillMissing(turn, ready, looked)
  const { changes } = looked.plan
  if (ready.checkMode) return foretold(turn, ready, changes)
  await turnCome(turn)
  const applied = await apply(turn, ready)
  if ('overtaken' in applied) return withoutUs(turn, ready, applied.overtaken)
  if ('failure' in applied) return failed(turn, ready, applied.failure, applied.changes)
  const value = ready.module.value?.(ready.params, applied.seen, applied.values) ?? applied.values.at(-1)
  return actionResult(turn, ready, value, applied.changes)
}

const foretold = (turn: Turn, ready: Ready, changes: readonly Change[]): Result => {
  if (ready.whenUnknown !== undefined) return { ...unknown(ready.whenUnknown.waitsFor), changes }
  const why = `'${turn.name.name}' to run`
  if (isHarmless(turn.step, ready)) return { status: 'ok', value: allUnknown(why), changes: [], onlyInRun: true }
  if (!neverCounts(turn.step, ready)) return { status: 'would-change', value: partlyKnown(why), changes }
  const told = changes.map(change => ({ ...change, summary: `only in a run: ${change.summary}` }))
  return { status: 'ok', value: partlyKnown(why, false), changes: told, pending: true, onlyInRun: true }
}

/** `check_mode: false`: what a dry run carried out all the same. */
const inCheck = ({ run }: Turn): Pick<Result, 'executedInCheck'> => (run.input.check ? { executedInCheck: true } : {})

/** An action may say itself how it went: `failed`, `changed`, `msg`. */
const actionResult = (turn: Turn, ready: Ready, value: Json | undefined, changes: readonly Change[]): Result => {
  const said = isJsonObject(value) ? value : {}
  const changed = said['changed'] !== false
  if (said['failed'] === true) {
    const failure: Failure = {
      kind: 'task-failed',
      message: String(said['msg'] ?? 'the task failed'),
      ...(typeof said['rc'] === 'number' ? { raw: rawOf(said), command: shownCommand(said['cmd']) } : {}),
    }
    return {
      ...failed(turn, ready, failure, changes),
      value: registered(value, { changed, failed: true }),
      ...inCheck(turn),
    }
  }
  return { status: changed ? 'changed' : 'ok', value: registered(value, { changed }), changes, ...inCheck(turn) }
}

/** `cmd` is a line, or a list of words. */
const shownCommand = (cmd: Json | undefined): string =>
  Array.isArray(cmd) ? command(cmd.map(String)) : String(cmd ?? '')

const rawOf = (said: { readonly [key: string]: Json }) => ({
  rc: Number(said['rc']),
  stdout: new TextEncoder().encode(String(said['stdout'] ?? '')),
  stderr: new TextEncoder().encode(String(said['stderr'] ?? '')),
})

import type { Failure } from '../../core/failure.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { Change, Verify } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { command } from '../../shell/quote.js'
import type { StepContext } from '../context.js'
import { broughtBy, clearedBy, isPending } from '../dry-run/foresee.js'
import { failed } from '../failure/results.js'
import { waitForTurn } from '../schedule/wait-turn.js'
import { apply } from './apply.js'
import type { EvaluatedStep } from './evaluate.js'
import { observeAll, outdate, readsCluster, seenBy } from './observe.js'
import { observe, observeAndPlan, type Planned, type PlanResult, planFromSeen } from './plan.js'
import { isHarmless, neverCounts } from './prediction.js'
import { allUnknown, partlyKnown, type Result, registered, unknown } from './result.js'

/**
 * Observes, plans, applies, and verifies.
 * @param waiting evaluates the step again for a `wait` module, with a read that may wait
 * @throws TkplayError 'unreachable'; all other failures are results
 */
export const converge = async (
  context: StepContext,
  evaluated: EvaluatedStep,
  waiting: () => Promise<EvaluatedStep>,
): Promise<Result> => {
  if (evaluated.moduleKind === 'action') return act(context, evaluated)
  const looked = await observeAndPlan(context, evaluated)
  if (looked.kind === 'settled') return looked.result
  if (evaluated.moduleKind === 'wait')
    return evaluated.checkMode ? stillMissing(context, evaluated, looked) : waitFor(context, await waiting())
  if ('needs' in looked.plan || 'refused' in looked.plan) return stillMissing(context, evaluated, looked)
  if (evaluated.checkMode) return wouldChange(context, evaluated, looked.plan.changes)
  return changeAndVerify(context, evaluated)
}

const stillMissing = (context: StepContext, evaluated: EvaluatedStep, looked: Planned): Result => {
  const { plan } = looked
  if (evaluated.checkMode && isPending(context, evaluated)) {
    if ('needs' in plan) return unknown(awaited(plan.needs, broughtBy(context, evaluated, plan.at)))
    const brings = evaluated.moduleKind === 'wait' ? broughtBy(context, evaluated) : undefined
    const before = brings ?? ('refused' in plan ? clearedBy(context, evaluated, looked.seen) : undefined)
    if (before !== undefined) return unknown(`'${before}' to run`)
  }
  if ('needs' in plan) {
    const { needs, remedy } = plan
    return failed(context, evaluated, { kind: 'missing', needs, ...omitUndefined({ remedy }) })
  }
  if ('refused' in plan) return failed(context, evaluated, { kind: 'refused', code: plan.refused, data: plan.data })
  return failed(context, evaluated, { kind: 'not-converged', changes: plan.changes })
}

const awaited = (needs: string, brings: string | undefined): string =>
  brings === undefined
    ? `${needs} (no earlier step is known to bring it)`
    : `${needs} ('${brings}' would change things first)`

const wouldChange = (context: StepContext, evaluated: EvaluatedStep, changes: readonly Change[]): Result =>
  evaluated.whenUnknown === undefined
    ? { status: 'would-change', value: partlyKnown(`'${context.name.name}' to run`), changes }
    : { ...unknown(evaluated.whenUnknown.waitsFor), changes }

const waitFor = async (context: StepContext, evaluated: EvaluatedStep): Promise<Result> => {
  await waitForTurn(context)
  context.run.emit({ kind: 'step-started', host: context.host.name, step: context.name })
  // Waiting changes nothing and may take hours, so the first Ctrl-C ends it.
  await observeAll([evaluated], [], context.run.input.stopping)
  // Something else has changed the host, so everything read before is stale.
  outdate(evaluated)
  if (readsCluster(evaluated)) context.run.epochs.raiseCluster()
  const looked = await planFromSeen(context, evaluated)
  return looked.kind === 'settled' ? looked.result : stillMissing(context, evaluated, looked)
}

/** Applies, then sends the same reads again, together with those of the next steps. */
const changeAndVerify = async (context: StepContext, evaluated: EvaluatedStep): Promise<Result> => {
  const applied = await apply(context, evaluated)
  if ('overtaken' in applied) return overtakenResult(context, evaluated, applied.overtaken)
  const { changes } = applied
  if ('failure' in applied) return failed(context, evaluated, applied.failure, changes)
  await observe(context, evaluated)
  const looked = await planFromSeen(context, evaluated)
  if (looked.kind === 'settled' && looked.result.status !== 'ok') return { ...looked.result, changes }
  if (looked.kind === 'settled') {
    const seen = await seenBy(evaluated)
    const value = registered(evaluated.module.value?.(evaluated.params, seen, applied.values), { changed: true })
    return { status: 'changed', value, changes, ...inCheck(context) }
  }
  const left = 'changes' in looked.plan ? looked.plan.changes : []
  const verify = verifyOf(evaluated, looked.seen)
  if (verify !== 'strict' && 'changes' in looked.plan) {
    const value = registered(evaluated.module.value?.(evaluated.params, looked.seen, applied.values), { changed: true })
    return {
      status: 'changed',
      value,
      changes,
      ...(verify === 'lenient' ? { notIdempotent: true } : {}),
      ...inCheck(context),
    }
  }
  if ('needs' in looked.plan || 'refused' in looked.plan)
    return { ...stillMissing(context, evaluated, looked), changes }
  return failed(context, evaluated, { kind: 'not-converged', changes: left }, changes)
}

/** The result where another host's step already made the change, or got in the way. */
const overtakenResult = (context: StepContext, evaluated: EvaluatedStep, looked: PlanResult): Result =>
  looked.kind === 'settled' ? looked.result : stillMissing(context, evaluated, looked)

const verifyOf = ({ module, params }: EvaluatedStep, seen: unknown): Verify =>
  (typeof module.verify === 'function' ? module.verify(params, seen) : module.verify) ?? 'strict'

/** Runs an action once, at its turn, without verification. Its guard may find nothing to do. */
const act = async (context: StepContext, evaluated: EvaluatedStep): Promise<Result> => {
  const looked = await observeAndPlan(context, evaluated)
  if (looked.kind === 'settled') return looked.result
  if ('needs' in looked.plan || 'refused' in looked.plan) return stillMissing(context, evaluated, looked)
  const { changes } = looked.plan
  if (evaluated.checkMode) return predictedAction(context, evaluated, changes)
  await waitForTurn(context)
  const applied = await apply(context, evaluated)
  if ('overtaken' in applied) return overtakenResult(context, evaluated, applied.overtaken)
  if ('failure' in applied) return failed(context, evaluated, applied.failure, applied.changes)
  const value = evaluated.module.value?.(evaluated.params, applied.seen, applied.values) ?? applied.values.at(-1)
  return actionResult(context, evaluated, value, applied.changes)
}

const predictedAction = (context: StepContext, evaluated: EvaluatedStep, changes: readonly Change[]): Result => {
  if (evaluated.whenUnknown !== undefined) return { ...unknown(evaluated.whenUnknown.waitsFor), changes }
  const why = `'${context.name.name}' to run`
  if (isHarmless(context.step, evaluated)) return { status: 'ok', value: allUnknown(why), changes: [], onlyInRun: true }
  if (!neverCounts(context.step, evaluated)) return { status: 'would-change', value: partlyKnown(why), changes }
  const shown = changes.map(change => ({ ...change, summary: `only in a run: ${change.summary}` }))
  return { status: 'ok', value: partlyKnown(why, false), changes: shown, pending: true, onlyInRun: true }
}

/** Marks what a dry run executed because of `check_mode: false`. */
const inCheck = ({ run }: StepContext): Pick<Result, 'executedInCheck'> =>
  run.input.check ? { executedInCheck: true } : {}

/** The result of an action, whose value may set `failed`, `changed` and `msg`. */
const actionResult = (
  context: StepContext,
  evaluated: EvaluatedStep,
  value: Json | undefined,
  changes: readonly Change[],
): Result => {
  const fields = isJsonObject(value) ? value : {}
  const changed = fields['changed'] !== false
  if (fields['failed'] === true) {
    const failure: Failure = {
      kind: 'task-failed',
      message: String(fields['msg'] ?? 'the task failed'),
      ...(typeof fields['rc'] === 'number' ? { raw: rawOf(fields), command: shownCommand(fields['cmd']) } : {}),
    }
    return {
      ...failed(context, evaluated, failure, changes),
      value: registered(value, { changed, failed: true }),
      ...inCheck(context),
    }
  }
  return { status: changed ? 'changed' : 'ok', value: registered(value, { changed }), changes, ...inCheck(context) }
}

/** `cmd` as one line; it may be a list of words. */
const shownCommand = (cmd: Json | undefined): string =>
  Array.isArray(cmd) ? command(cmd.map(String)) : String(cmd ?? '')

const rawOf = (fields: { readonly [key: string]: Json }) => ({
  rc: Number(fields['rc']),
  stdout: new TextEncoder().encode(String(fields['stdout'] ?? '')),
  stderr: new TextEncoder().encode(String(fields['stderr'] ?? '')),
})

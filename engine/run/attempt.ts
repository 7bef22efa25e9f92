import type { StepName } from '../core/event.js'
import { type Failure, type ReportedFailure, TkplayError } from '../core/failure.js'
import { isJsonObject, type Json } from '../core/json.js'
import type { Change, Plan, Verify } from '../core/module.js'
import type { Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import { wordsFor } from '../report/words.js'
import { command } from '../shell/quote.js'
import { failureOf, reported } from './failures.js'
import type { Ready } from './instance.js'
import { lookAhead } from './look-ahead.js'
import { isClusterWide } from './machine.js'
import { isFresh, observeAll, seenBy } from './observe.js'
import { writeDown } from './owed.js'
import { neverChanges } from './predict.js'
import { allUnknown, partlyKnown, type Result, registered } from './result.js'
import { openSession } from './session.js'
import { Interrupted, turnCome, type Waiting } from './turn.js'

/** One step's turn on one host for one item. */
export interface Turn extends Waiting {
  readonly step: Step
  readonly name: StepName
  readonly notify: readonly string[]
  readonly timeout: number | undefined
}

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

type Planned = { readonly kind: 'planned'; readonly plan: Plan<Change>; readonly seen: unknown }
type Looked = { readonly kind: 'settled'; readonly result: Result } | Planned

/** Sees and plans. What is not simply converged is looked at again when it is this step's turn: others may still change it. */
const look = async (turn: Turn, ready: Ready): Promise<Looked> => {
  for (let ours = false; ; ours = true) {
    await see(turn, ready)
    const looked = await judge(turn, ready)
    const late = looksAtCluster(ready)
    const settled = looked.kind === 'settled' && looked.result.status === 'ok' && !late
    if (settled || (ours && isFresh(ready))) return looked
    await turnCome(turn)
    if (isFresh(ready)) return judge(turn, ready)
  }
}

/** Reads this step, and what comes after it, in one round trip. */
const see = async (turn: Turn, ready: Ready): Promise<void> => {
  if (isFresh(ready)) return
  const { run, host } = turn
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  await observeAll([ready, ...ahead])
  host.windowHeld()
}

const judge = async (turn: Turn, ready: Ready): Promise<Looked> => {
  try {
    const seen = await seenBy(ready)
    const plan = ready.module.plan(ready.params, seen, ready.facts) as Plan<Change>
    if ('changes' in plan && plan.changes.length === 0) {
      const value = registered(ready.module.value?.(ready.params, seen, []), { changed: false })
      return { kind: 'settled', result: { status: 'ok', value, changes: [] } }
    }
    return { kind: 'planned', plan, seen }
  } catch (error) {
    return { kind: 'settled', result: notSeen(turn, ready, error) }
  }
}

/** In a dry run, what cannot be seen may only not be there yet; with nothing pending it is a failure. */
const notSeen = (turn: Turn, ready: Ready, error: unknown): Result => {
  const failure = failureOf(error, turn.step)
  if (failure.kind === 'unreachable') throw error
  if (failure.kind === 'interrupted') throw new Interrupted()
  const pending = pendingFor(turn, ready)
  if ((failure.kind === 'not-observed' || failure.kind === 'timeout') && ready.checkMode && pending !== undefined) {
    return unknown(`'${pending}' to run`)
  }
  return failed(turn, ready, failure)
}

const stillMissing = (turn: Turn, ready: Ready, looked: Planned): Result => {
  const { plan } = looked
  const pending = pendingFor(turn, ready)
  if (ready.checkMode && pending !== undefined) {
    if ('needs' in plan) return unknown(`${plan.needs} ('${pending}' would change things first)`)
    if (ready.moduleKind === 'wait') return unknown(`'${pending}' to run`)
  }
  if ('needs' in plan) return failed(turn, ready, { kind: 'missing', ...plan })
  if ('refused' in plan) return failed(turn, ready, { kind: 'refused', code: plan.refused, data: plan.data })
  return failed(turn, ready, { kind: 'not-converged', changes: plan.changes })
}

/** What would have changed before: on this host, or anywhere where the step looks at the cluster. */
const pendingFor = ({ run, host }: Turn, ready: Ready): string | undefined => {
  if (host.pending !== undefined) return host.pending
  if (!looksAtCluster(ready)) return undefined
  return [...run.hosts.values()].find(one => one.pending !== undefined)?.pending
}

const unknown = (waitsFor: string): Result => ({
  status: 'unknown',
  waitsFor,
  value: allUnknown(waitsFor),
  changes: [],
})

const wouldChange = (turn: Turn, ready: Ready, changes: readonly Change[]): Result =>
  ready.whenUnknown === undefined
    ? { status: 'would-change', value: partlyKnown(`'${turn.name.name}' to run`), changes }
    : { ...unknown(ready.whenUnknown.waitsFor), changes }

const waitFor = async (turn: Turn, ready: Ready): Promise<Result> => {
  await turnCome(turn)
  turn.run.emit({ kind: 'step-started', host: turn.host.name, step: turn.name })
  await observeAll([ready])
  // What was waited for has changed without us: what was read ahead is of the time before.
  turn.run.epochs.raiseHost(turn.host.name)
  if (looksAtCluster(ready)) turn.run.epochs.raiseCluster()
  const looked = await judge(turn, ready)
  return looked.kind === 'settled' ? looked.result : stillMissing(turn, ready, looked)
}

const looksAtCluster = (ready: Ready): boolean => ready.reads.some(({ planned }) => isClusterWide(planned.read))

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
    return { status: 'changed', value, changes }
  }
  const left = 'changes' in looked.plan ? looked.plan.changes : []
  if (verifyOf(ready, looked.seen) === 'lenient' && 'changes' in looked.plan) {
    const value = registered(ready.module.value?.(ready.params, looked.seen, applied.values), { changed: true })
    return { status: 'changed', value, changes, notIdempotent: true }
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
  if (ready.checkMode) {
    if (ready.whenUnknown !== undefined) return { ...unknown(ready.whenUnknown.waitsFor), changes }
    const why = `'${turn.name.name}' to run`
    return neverChanges(turn.step)
      ? { status: 'ok', value: allUnknown(why), changes: [] }
      : { status: 'would-change', value: partlyKnown(why), changes }
  }
  await turnCome(turn)
  const applied = await apply(turn, ready)
  if ('overtaken' in applied) return withoutUs(turn, ready, applied.overtaken)
  if ('failure' in applied) return failed(turn, ready, applied.failure, applied.changes)
  const value = ready.module.value?.(ready.params, applied.seen, applied.values) ?? applied.values.at(-1)
  return actionResult(turn, ready, value, applied.changes)
}

/** An action may say itself how it went: `failed`, `changed`, `msg`. */
const actionResult = (turn: Turn, ready: Ready, value: Json | undefined, changes: readonly Change[]): Result => {
  const said = isJsonObject(value) ? value : {}
  const changed = said['changed'] !== false
  const executedInCheck = turn.run.input.check ? { executedInCheck: true } : {}
  if (said['failed'] === true) {
    const failure: Failure = {
      kind: 'task-failed',
      message: String(said['msg'] ?? 'the task failed'),
      ...(typeof said['rc'] === 'number' ? { raw: rawOf(said), command: shownCommand(said['cmd']) } : {}),
    }
    return {
      ...failed(turn, ready, failure, changes),
      value: registered(value, { changed, failed: true }),
      ...executedInCheck,
    }
  }
  return { status: changed ? 'changed' : 'ok', value: registered(value, { changed }), changes, ...executedInCheck }
}

/** `cmd` is a line, or a list of words. */
const shownCommand = (cmd: Json | undefined): string =>
  Array.isArray(cmd) ? command(cmd.map(String)) : String(cmd ?? '')

const rawOf = (said: { readonly [key: string]: Json }) => ({
  rc: Number(said['rc']),
  stdout: new TextEncoder().encode(String(said['stdout'] ?? '')),
  stderr: new TextEncoder().encode(String(said['stderr'] ?? '')),
})

type Applied =
  | { readonly changes: readonly Change[]; readonly seen: unknown; readonly values: readonly Json[] }
  | { readonly changes: readonly Change[]; readonly failure: Failure }
  | { readonly overtaken: Looked }

/** Carries out what is missing, alone on its host: planned anew there, since others may have had their turn in between. */
const apply = async (turn: Turn, ready: Ready): Promise<Applied> => {
  const { host, run, step } = turn
  const done = await ready.machine.applying.run(async (): Promise<Applied> => {
    const now = await lookAgain(turn, ready)
    if (now.kind === 'settled' || !('changes' in now.plan)) return { overtaken: now }
    const { changes } = now.plan
    const work = () => carryOut(turn, ready, changes)
    // Who says that a command changes nothing keeps what was read; a state that differs is changed whatever is said of it.
    const quiet = ready.moduleKind === 'action' && neverChanges(step)
    if (!quiet) host.changed()
    return { changes, seen: now.seen, ...(quiet ? await work() : await ready.machine.changing(work)) }
  })
  if ('overtaken' in done) return done
  if (ready.module.affects === 'cluster') run.epochs.raiseCluster()
  if (ready.module.newSession === true) ready.machine.reopen()
  if ('failure' in done && done.failure.kind === 'unreachable') throw new TkplayError(done.failure)
  return done
}

const lookAgain = async (turn: Turn, ready: Ready): Promise<Looked> => {
  if (!isFresh(ready)) await observeAll([ready])
  return judge(turn, ready)
}

/** The changes, one after the other. What notifies is written down first. */
const carryOut = async (
  turn: Turn,
  ready: Ready,
  changes: readonly Change[],
): Promise<{ readonly values: readonly Json[] } | { readonly failure: Failure }> => {
  const { run, host, step, name } = turn
  run.emit({ kind: 'step-started', host: host.name, step: name })
  const session = openSession({
    machine: ready.machine,
    as: ready.as,
    env: ready.env,
    signal: run.input.abort,
    late: ref => run.late.get(ref),
    progress: text => run.emit({ kind: 'step-progress', host: host.name, step: name, text }),
    ...(turn.timeout === undefined ? {} : { timeout: turn.timeout }),
  })
  const values: Json[] = []
  try {
    if (turn.notify.length > 0) await writeDown(turn, ready)
    for (const change of changes) {
      const value = await ready.module.apply(change, ready.params, session)
      if (value !== undefined) values.push(value as Json)
    }
    return { values }
  } catch (error) {
    return { failure: failureOf(error, step) }
  }
}

const failed = (turn: Turn, ready: Ready, failure: Failure, changes: readonly Change[] = []): Result => {
  const told = reported(failure, turn.step, ready.module)
  const value: Value = new Map<string, Value>([
    ['changed', changes.length > 0],
    ['failed', true],
    ['msg', messageOf(told)],
    ...('raw' in told.failure && told.failure.raw !== undefined ? rawFields(told.failure.raw) : []),
  ])
  return { status: 'failed', value, changes, failure: told }
}

const messageOf = (told: ReportedFailure): string =>
  'message' in told.failure && told.failure.message !== undefined ? told.failure.message : wordsFor(told).what

const rawFields = (raw: {
  readonly rc: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}): readonly (readonly [string, Value])[] => [
  ['rc', raw.rc],
  ['stdout', new TextDecoder().decode(raw.stdout)],
  ['stderr', new TextDecoder().decode(raw.stderr)],
]

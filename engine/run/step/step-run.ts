import type { StepName, StepStatus } from '../../core/event.js'
import { noScope } from '../../core/expr.js'
import { ConfigError, TkplayError } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import { control, doubtLoop } from '../control/index.js'
import { doubtOf } from '../dry-run/conditional-end.js'
import { makesUser, notePending, noteUnknown } from '../dry-run/foresee.js'
import { failureOf, reported } from '../failure/failures.js'
import { isOfItsStep } from '../failure/host-failed.js'
import { notifiedBy } from '../handlers/handlers.js'
import { UnknownTemplate } from '../machine/controller.js'
import { reachedAtItsTurn } from '../schedule/retry-unreachable.js'
import { asOfItsTurn, type Turn } from '../schedule/wait-turn.js'
import { Interrupted } from '../timeline/interrupted.js'
import { flag, textOf } from '../variables/conditions.js'
import { itemsOf } from '../variables/loop-items.js'
import type { VariableScope } from '../variables/scope.js'
import { attempt } from './converge.js'
import { isDry, prepare, type Ready } from './evaluate.js'
import { isOfParameters, judgeResult, perhapsForgiven } from './failed-when.js'
import { eachItem } from './loop.js'
import { outdate } from './observe.js'
import { greet } from './recover.js'
import { failedValue, type Result, type StepResult, skippedValue, unknown } from './result.js'
import { reporter } from './step-events.js'
import { nameOf } from './step-name.js'
import { resultLayer, type StepTurn, scopeOf } from './step-turn.js'
import { untilDone, withAttempts } from './until.js'

/** Runs the step and reports it. What it registers, and whom it notifies, is left to the loop. */
export const runStep = async (turn: StepTurn): Promise<StepResult> => {
  const { host, step } = turn
  const from = performance.now()
  const name = nameOf(step, scopeOf(turn, []), turn.stage, turn.handler)
  host.current = name
  const report = reporter(turn, name)
  let secrets: readonly string[] = []
  const hide = (more: readonly string[]): void => {
    secrets = [...new Set([...secrets, ...more])]
  }
  const tried = (over: readonly Layer[], hideHere: typeof hide): Promise<Result> =>
    untilDone(turn, name, over, (tried, counts) =>
      once(turn, name, over, hideHere, {
        isAgain: tried > 1,
        count: result => (counts ? withAttempts(result, tried) : result),
      }),
    )
  const result = await resultOf(turn, async () => {
    const items = await asOfItsTurn(turn, () => itemsOf(step, scopeOf(turn, [])))
    if (items instanceof Unknown) {
      if (step.loop !== undefined && turn.run.controls.has(step.module))
        await doubtLoop({ run: turn.run, host, step, scope: scopeOf(turn, []) }, step.loop, items)
      return notifying(unknownResult(turn, name, items), notifier(turn, []))
    }
    if (items === undefined) return tried([], hide)
    return eachItem(turn, items, report, ({ layer }, hideItem) =>
      resultOf(turn, () =>
        tried([layer], more => {
          hideItem(more)
          hide(more)
        }),
      ),
    )
  })
  const tell = (status: StepStatus): void => report(result, status, performance.now() - from, secrets)
  let status: StepStatus
  try {
    status = finalStatus(step, result, scopeOf(turn, []))
  } catch (error) {
    // What came of it is told all the same.
    tell(result.status)
    throw error
  }
  tell(status)
  return { status, value: result.value, result, name }
}

/** What is thrown is a result too, unless the run was ended. */
const resultOf = async (turn: StepTurn, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    rethrowInterrupted(error)
    return errorResult(turn, error)
  }
}

/** Also a login or a read that was ended: nothing was begun on the host. What is ended while it changes something is a result. */
const rethrowInterrupted = (error: unknown): void => {
  if (error instanceof Interrupted) throw error
  if (error instanceof TkplayError && error.failure.kind === 'interrupted') throw new Interrupted()
}

const unknownResult = (turn: StepTurn, name: StepName, { waitsFor }: Unknown, over: readonly Layer[] = []): Result => {
  const { run, host, step } = turn
  if (!run.input.check)
    return errorResult(turn, new TkplayError({ kind: 'task-failed', message: `it waits for ${waitsFor}` }))
  const scope = scopeOf(turn, over)
  noteUnknown(run, host, step, name.name, scope)
  return perhapsForgiven(step, unknown(waitsFor), scope)
}

const errorResult = (turn: StepTurn, error: unknown): Result => {
  const { run, host, stage, step } = turn
  const failure = failureOf(error, step)
  const doubt = doubtOf(host, stage)
  if (doubt !== undefined && isOfItsStep(failure)) return unknown(doubt.waitsFor)
  const maker = makesUser(run, host, failure)
  if (maker !== undefined) {
    const scope = scopeOf(turn, [])
    noteUnknown(run, host, step, nameOf(step, scope, stage, turn.handler).name, scope)
    return unknown(`'${maker}' to run`)
  }
  return {
    status: failure.kind === 'unreachable' ? 'unreachable' : 'failed',
    value: failedValue(failure),
    changes: [],
    failure: reported(failure, step),
  }
}

/** `ignore_errors` and its kin. */
const finalStatus = (step: Step, result: Result, scope: VariableScope): StepStatus => {
  if (result.status === 'failed' && flag(step.ignoreErrors, scope)) return 'ignored'
  if (result.status === 'unreachable' && flag(step.ignoreUnreachable, scope)) return 'ignored'
  return result.status
}

/** One of perhaps several tries. */
interface Try {
  /** What was read before counts no more. */
  readonly isAgain: boolean
  /** The result as its conditions see it. */
  readonly count: (result: Result) => Result
}

const once = (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  hide: (secrets: readonly string[]) => void,
  tried: Try,
): Promise<Result> =>
  reachedAtItsTurn(turn, late => carriedOut(turn, name, over, hide, { ...tried, isAgain: tried.isAgain || late }))

const carriedOut = async (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  hide: (secrets: readonly string[]) => void,
  { isAgain, count }: Try,
): Promise<Result> => {
  const { run, host, stage, step } = turn
  const ready = (waits: boolean) => asOfItsTurn(turn, () => prepareHere(turn, scopeOf(turn, over), waits))
  const instance = await ready(false).catch((error: unknown) => refusal(turn, error))
  const notify = notifier(turn, over)
  if ('status' in instance) return notifying(judged(turn, over, count(instance)), notify)
  if (instance.kind === 'skipped') return { status: 'skipped', value: skippedValue(instance.reason), changes: [] }
  if (instance.kind === 'unknown')
    return notifying(unknownResult(turn, name, new Unknown(instance.waitsFor), over), notify)
  if (instance.kind === 'control') {
    const done = await asOfItsTurn(turn, () => control({ run, host, step, scope: scopeOf(turn, over) }, instance))
    return notifying(judged(turn, over, count(done)), notify)
  }
  // Nothing is carried out on the strength of a condition that is not known.
  if (instance.whenUnknown !== undefined && !instance.checkMode)
    return notifying(unknownResult(turn, name, instance.whenUnknown, over), notify)
  hide(instance.secrets)
  if (isAgain) outdate(instance)
  await greet(run, host, instance)
  const scope = scopeOf(turn, over)
  const inner: Turn = {
    run,
    host,
    stage,
    order: turn.order,
    step,
    name,
    notify,
    timeout: instance.limit,
  }
  const again = async (): Promise<Ready> => {
    const waiting = await ready(true)
    return waiting.kind === 'ready' ? waiting : instance
  }
  const attempted = await attempt(inner, instance, again)
  // It may not run at all, and then it does not fail either.
  const { whenUnknown } = instance
  const isPerhaps = attempted.status === 'failed' && whenUnknown !== undefined
  const result = isPerhaps ? unknown(whenUnknown.waitsFor) : attempted
  await notePending(inner, instance, result)
  const delegated = textOf(step.delegateTo, scope)
  const told = typeof delegated === 'string' ? { ...result, delegatedTo: delegated } : result
  return notifying(judged(turn, over, count(told)), notify)
}

/** A module does not take its parameters: the answer of its task. */
const refusal = (turn: StepTurn, error: unknown): Result => {
  if (!(error instanceof ConfigError) || turn.run.controls.has(turn.step.module) || !isOfParameters(error.failure))
    throw error
  return errorResult(turn, error)
}

const notifier = (turn: StepTurn, over: readonly Layer[]) => (): readonly string[] => {
  const { run, host, stage, step } = turn
  return changesNothing(step) ? [] : notifiedBy(run, host, stage, step, scopeOf(turn, over))
}

/** Only what changes something asks for its handlers, as in Ansible: one that is missing is missed then. */
const notifying = (result: Result, notify: () => readonly string[]): Result => {
  const { status } = result
  if (status === 'changed' || status === 'would-change') return { ...result, notified: notify() }
  return status === 'unknown' ? { ...result, notified: ofThoseThere(notify) } : result
}

const ofThoseThere = (notify: () => readonly string[]): readonly string[] => {
  try {
    return notify()
  } catch {
    return []
  }
}

const changesNothing = ({ changedWhen = [] }: Step): boolean =>
  changedWhen.some(one => one.constant && one.evaluate(noScope) === false)

const prepareHere = async (turn: StepTurn, scope: VariableScope, waits: boolean) => {
  try {
    return await prepare(turn.run, turn.host.name, turn.step, scope, waits)
  } catch (error) {
    if (error instanceof UnknownTemplate) return { kind: 'unknown' as const, waitsFor: error.unknown.waitsFor }
    throw error
  }
}

const judged = (turn: StepTurn, over: readonly Layer[], result: Result): Result =>
  judgeResult(
    turn.step,
    result,
    scopeOf(turn, [...over, resultLayer(turn.step, result)]),
    isDry(turn.run.input, turn.step, scopeOf(turn, over)),
  )

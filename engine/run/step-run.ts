import { setTimeout as sleep } from 'node:timers/promises'
import type { StepName, StepStatus } from '../core/event.js'
import { noScope } from '../core/expr.js'
import { TkplayError } from '../core/failure.js'
import type { Step } from '../core/step.js'
import { findUnknown, isDict, PartDict, toJson, Unknown, type Value } from '../core/value.js'
import { type Layer, rank } from '../core/vars.js'
import { leftAlone } from '../playbook/background.js'
import { attempt } from './attempt.js'
import { allHold, flag, numeric, textOf } from './conditions.js'
import { control } from './control.js'
import { UnknownTemplate } from './controller.js'
import { doubtOf } from './doubt.js'
import { failureOf, reported } from './failures.js'
import { greet } from './greet.js'
import { notifiedBy } from './handlers.js'
import { prepare, type Ready } from './instance.js'
import { type Item, itemsOf } from './items.js'
import { judgeResult } from './judge.js'
import { isOfItsStep } from './losing.js'
import { notePending, noteUnknown } from './pending.js'
import { reachedAtItsTurn } from './reached.js'
import { failedValue, noItems, type Result, skippedValue, unknown } from './result.js'
import { dataLayer, type VariableScope } from './scope.js'
import { nameOf } from './step-name.js'
import { type Report, reporter } from './step-report.js'
import { asOfItsTurn, Interrupted, type Turn, type Waiting } from './turn.js'

/** A step's turn on a host, all items of its loop. */
export interface StepTurn extends Waiting {
  readonly step: Step
  readonly handler: boolean
}

export interface StepResult {
  readonly status: StepStatus
  readonly value: Value
  readonly result: Result
  readonly name: StepName
}

/** Runs the step and reports it. What it registers, and whom it notifies, is left to the loop. */
export const runStep = async (turn: StepTurn): Promise<StepResult> => {
  const { host, step } = turn
  const from = performance.now()
  const name = nameOf(step, scopeOf(turn, []), turn.stage, turn.handler)
  host.current = name
  const report = reporter(turn, name)
  let result: Result
  let secrets: readonly string[] = []
  const hide = (more: readonly string[]): void => {
    secrets = [...new Set([...secrets, ...more])]
  }
  try {
    const items = await asOfItsTurn(turn, () => itemsOf(step, scopeOf(turn, [])))
    if (items instanceof Unknown) result = notifying(unknownResult(turn, name, items), notifier(turn, []))
    else if (items === undefined) result = await untilDone(turn, name, [], hide)
    else result = await eachItem(turn, name, items, hide, report)
  } catch (error) {
    rethrowInterrupted(error)
    result = errorResult(turn, error)
  }
  const status = finalStatus(step, result, scopeOf(turn, []))
  report(result, status, performance.now() - from, secrets)
  return { status, value: result.value, result, name }
}

/** Also a login or a read that was ended: nothing was begun on the host. What is ended while it changes something is a result. */
const rethrowInterrupted = (error: unknown): void => {
  if (error instanceof Interrupted) throw error
  if (error instanceof TkplayError && error.failure.kind === 'interrupted') throw new Interrupted()
}

const scopeOf = ({ run, host, stage, step }: StepTurn, over: readonly Layer[]): VariableScope =>
  run.variables.scope(host.name, { play: stage.hosts, step, over })

const unknownResult = (turn: StepTurn, name: StepName, { waitsFor }: Unknown, over: readonly Layer[] = []): Result => {
  const { run, host, step } = turn
  if (!run.input.check)
    return errorResult(turn, new TkplayError({ kind: 'task-failed', message: `it waits for ${waitsFor}` }))
  noteUnknown(run, host, step, name.name, scopeOf(turn, over))
  return unknown(waitsFor)
}

const errorResult = ({ host, stage, step }: StepTurn, error: unknown): Result => {
  const failure = failureOf(error, step)
  const doubt = doubtOf(host, stage)
  if (doubt !== undefined && isOfItsStep(failure)) return unknown(doubt.waitsFor)
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

/** All items in order; a failed one does not keep the next from running, as in Ansible. */
const eachItem = async (
  turn: StepTurn,
  name: StepName,
  items: readonly Item[],
  hide: (secrets: readonly string[]) => void,
  report: Report,
): Promise<Result> => {
  const results: Result[] = []
  const values: Value[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && !turn.run.input.check) await pauseBetween(turn, item)
    const from = performance.now()
    let result: Result
    let secrets: readonly string[] = []
    try {
      result = await untilDone(turn, name, [item.layer], more => {
        secrets = more
        hide(more)
      })
    } catch (error) {
      rethrowInterrupted(error)
      result = errorResult(turn, error)
    }
    results.push(result)
    values.push(withItem(result.value, item))
    report(result, result.status, performance.now() - from, secrets, labelOf(turn, item))
    if (result.status === 'unreachable') break
  }
  return together(results, values)
}

/** `loop_control.pause`: seconds. */
const pauseBetween = async (turn: StepTurn, { layer }: Item): Promise<void> => {
  const seconds = numeric(turn.step.loop?.pause, scopeOf(turn, [layer]))
  if (seconds === undefined || seconds <= 0) return
  const { run, host } = turn
  await host.slot.waiting(sleep(seconds * 1000, undefined, { signal: run.input.stopping }).catch(() => undefined))
}

const withItem = (value: Value, { layer }: Item): Value => {
  const fields = [...layer.bindings].map(([name, binding]) => [name, binding.value] as const)
  if (value instanceof PartDict) return new PartDict([...value, ...fields], value.rest)
  return new Map<string, Value>([...(isDict(value) ? (value as Map<string, Value>) : []), ...fields])
}

const labelOf = (turn: StepTurn, item: Item): string => {
  try {
    const value = turn.step.loop?.label?.evaluate(scopeOf(turn, [item.layer])) ?? item.value
    if (value instanceof Unknown || findUnknown(value) !== undefined) return '(unknown)'
    return typeof value === 'string' ? value : JSON.stringify(toJson(value))
  } catch {
    return '(no label)'
  }
}

/** A loop's own result: the worst that happened to an item, and all their changes. */
const together = (results: readonly Result[], values: readonly Value[]): Result => {
  if (results.length === 0) return { status: 'skipped', value: noItems, changes: [] }
  const order = ['unreachable', 'failed', 'unknown', 'would-change', 'changed', 'ok', 'skipped'] as const
  const status = order.find(one => results.some(result => result.status === one)) ?? 'ok'
  const worst = results.find(result => result.status === status)
  const changed = results.some(({ status: one }) => one === 'changed' || one === 'would-change')
  const value = new Map<string, Value>([
    ['results', values],
    ['changed', changed],
    ['failed', status === 'failed' || status === 'unreachable'],
    ['skipped', status === 'skipped'],
    ['msg', status === 'failed' ? 'One or more items failed' : 'All items completed'],
  ])
  return {
    status,
    value,
    changes: results.flatMap(result => result.changes),
    notified: [...new Set(results.flatMap(result => result.notified ?? []))],
    ...(worst?.waitsFor === undefined ? {} : { waitsFor: worst.waitsFor }),
    ...(worst?.failure === undefined ? {} : { failure: worst.failure }),
    ...(results.some(one => one.notIdempotent) ? { notIdempotent: true } : {}),
    ...(results.some(one => one.executedInCheck) ? { executedInCheck: true } : {}),
  }
}

/** One item, tried again as long as `until` does not hold (or, with `retries` alone, as long as it fails). */
const untilDone = async (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  hide: (secrets: readonly string[]) => void,
): Promise<Result> => {
  const { run, host, step } = turn
  const scope = scopeOf(turn, over)
  const retries = step.until === undefined ? 0 : (numeric(step.until.retries, scope) ?? 3)
  const delay = step.until === undefined ? 0 : (numeric(step.until.delay, scope) ?? 5)
  for (let tried = 1; ; tried++) {
    const result = await once(turn, name, over, hide)
    // Without a second try nothing asks whether one is needed, as in Ansible.
    if (step.until === undefined || run.input.check || retries < 1 || untriable.has(result.status)) return result
    const judged = scopeOf(turn, [...over, resultLayer(step, result)])
    const done =
      step.until.conditions.length === 0
        ? result.status !== 'failed'
        : allHold(step.until.conditions, judged).holds === true
    const counted: Result = {
      ...result,
      value: isDict(result.value) ? new Map([...result.value, ['attempts', tried]]) : result.value,
    }
    if (done) return counted
    if (tried > retries) return outOfTries(step, counted, tried)
    run.emit({ kind: 'step-retried', host: host.name, step: name, attempt: tried, left: retries - tried + 1 })
    await host.slot.waiting(sleep(delay * 1000, undefined, { signal: run.input.stopping }).catch(() => undefined))
    if (run.input.stopping.aborted) throw new Interrupted()
    run.epochs.raiseHost(host.name)
  }
}

/** Another try would come to the same. */
const untriable: ReadonlySet<Result['status']> = new Set(['skipped', 'unreachable', 'would-change', 'unknown'])

/** `attempts` is then the number of retries, as in Ansible. A task that failed says why by itself. */
const outOfTries = (step: Step, result: Result, tried: number): Result => {
  const wanted = step.until?.conditions.map(one => one.text ?? '').join(' and ') ?? ''
  const value = isDict(result.value)
    ? new Map<string, Value>([...(result.value as Map<string, Value>), ['failed', true], ['attempts', tried - 1]])
    : result.value
  const message = `after ${tried} attempts still not: ${wanted}`
  const failure = result.failure ?? reported({ kind: 'task-failed', message }, step)
  return { ...result, status: 'failed', value, failure }
}

const resultLayer = (step: Step, result: Result): Layer =>
  dataLayer(rank.registered, 'register', step.register === undefined ? [] : [[step.register, result.value]])

const once = (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  hide: (secrets: readonly string[]) => void,
): Promise<Result> => reachedAtItsTurn(turn, () => carriedOut(turn, name, over, hide))

const carriedOut = async (
  turn: StepTurn,
  name: StepName,
  over: readonly Layer[],
  hide: (secrets: readonly string[]) => void,
): Promise<Result> => {
  const { run, host, stage, step } = turn
  const ready = (waits: boolean) => asOfItsTurn(turn, () => prepareHere(turn, scopeOf(turn, over), waits))
  const instance = await ready(false)
  if (instance.kind === 'skipped') return { status: 'skipped', value: skippedValue(instance.reason), changes: [] }
  const notify = notifier(turn, over)
  if (instance.kind === 'unknown')
    return notifying(unknownResult(turn, name, new Unknown(instance.waitsFor), over), notify)
  if (instance.kind === 'control') {
    const done = await asOfItsTurn(turn, () => control({ run, host, step, scope: scopeOf(turn, over) }, instance))
    return notifying(judged(turn, over, done), notify)
  }
  // Nothing is carried out on the strength of a condition that is not known.
  if (instance.whenUnknown !== undefined && !instance.checkMode)
    return notifying(unknownResult(turn, name, instance.whenUnknown, over), notify)
  hide(instance.secrets)
  await greet(run, host, instance)
  const scope = scopeOf(turn, over)
  const timeout = numeric(step.timeout, scope) ?? inBackground(step, scope)
  const inner: Turn = {
    run,
    host,
    stage,
    order: turn.order,
    step,
    name,
    notify,
    timeout: timeout === undefined ? undefined : timeout * 1000,
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
  return notifying(judged(turn, over, told), notify)
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

/** `async` with `poll`: the step is waited for all the same, for so many seconds. @throws ConfigError for `poll: 0` */
const inBackground = (step: Step, scope: VariableScope): number | undefined => {
  if (step.async === undefined) return undefined
  if (numeric(step.async.poll, scope) === 0 && numeric(step.async.seconds, scope) !== 0) throw leftAlone(step.source)
  return numeric(step.async.seconds, scope) || undefined
}

const prepareHere = async (turn: StepTurn, scope: VariableScope, waits: boolean) => {
  try {
    return await prepare(turn.run, turn.host.name, turn.step, scope, waits)
  } catch (error) {
    if (error instanceof UnknownTemplate) return { kind: 'unknown' as const, waitsFor: error.unknown.waitsFor }
    throw error
  }
}

const judged = (turn: StepTurn, over: readonly Layer[], result: Result): Result =>
  judgeResult(turn.step, result, scopeOf(turn, [...over, resultLayer(turn.step, result)]))

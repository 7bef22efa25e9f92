import { ExpressionError } from '../core/expr.js'
import { type Failure, TkplayError } from '../core/failure.js'
import type { Step } from '../core/step.js'
import { isDict, type Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import { wordsFor } from '../report/words.js'
import { include } from './control/include.js'
import { meta } from './control/meta.js'
import { onceInBatch } from './control/pause.js'
import { enterRole } from './control/role.js'
import { asReached } from './dry-run/conditional-end.js'
import { failureOf, reported } from './failure/failures.js'
import { broken, brokenElsewhere, cutOut, fail, fall } from './failure/host-failed.js'
import { handled, playEnded, rescued } from './handlers/handled.js'
import { isPassedOver } from './handlers/handlers.js'
import type { Host } from './host.js'
import type { RunState } from './run-state.js'
import { throttled } from './schedule/throttle.js'
import { asOfItsTurn, turnCome } from './schedule/wait-turn.js'
import { type Place, stop, waitingAt } from './step/place.js'
import { remember } from './step/record-result.js'
import type { StepResult } from './step/result.js'
import { nameOf } from './step/step-name.js'
import { runStep } from './step/step-run.js'
import { loadVarsFiles } from './step/vars-files.js'
import type { Next } from './timeline/cursor.js'
import { CalledOff, Interrupted } from './timeline/interrupted.js'
import { gatherFactsId, playId, type Stage } from './timeline/play-run.js'
import { anyItemHolds } from './variables/any-item-holds.js'
import { flag, numeric } from './variables/conditions.js'
import { allOf } from './variables/role-steps.js'

type Work = Exclude<Next, undefined | { readonly kind: 'raise' }>

/** All that one host does in a run, to the end of its timeline or to its failure. Never rejects but for a bug. */
export const hostLoop = async (run: RunState, host: Host): Promise<void> => {
  await host.slot.take()
  let before: Stage | undefined
  try {
    for (;;) {
      const here = host.timeline.peek()
      if (host.isRescued && before !== undefined) await takenBack(run, host, rescued(run, host, before))
      if (before !== undefined && here?.stage !== before && host.status === 'live')
        await takenBack(run, host, playEnded(run, host))
      before = here?.stage
      if (here === undefined || host.status === 'unreachable') return
      const { stage, next } = here
      if (run.input.stopping.aborted) return stop(host, host.current === undefined ? 'before' : 'finished')
      if (run.isGivenUp(stage)) return
      const failure = next.kind === 'raise' ? next.failure : doomOf(host, stage)
      if (failure !== undefined) fall(run, host, stage, failure)
      else if (stage.state.ended) host.timeline.endPlay()
      else if (next.kind !== 'raise') await take(run, host, stage, next)
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      cutOut(run, host)
      throw error
    }
    if (run.input.stopping.aborted) stop(host, 'before')
  } finally {
    run.gate.leave(host.name)
    // More hosts than slots: then no more than those are connected at a time.
    if (host.slot.wanted) run.rest(host.name)
    host.slot.give()
  }
}

/** Nothing of the play hangs on it: what stays written down runs next time. */
const takenBack = async (run: RunState, host: Host, work: Promise<void>): Promise<void> => {
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

/** The failure of another host that this one shares, once. */
const doomOf = (host: Host, { state }: Stage): Failure | undefined => {
  const failure = state.doomed.get(host.name)
  state.doomed.delete(host.name)
  return failure
}

/** The next step, or role, of the host. */
const take = async (run: RunState, host: Host, stage: Stage, next: Work): Promise<void> => {
  const place: Place = { run, host, stage, path: next.path, handler: next.kind === 'step' && next.handler }
  const what = next.kind === 'role' ? allOf(next.use) : next.step
  host.standsAt = what.id
  run.gate.stand(host.name, next.path)
  announce(run, stage)
  try {
    await loadVarsFiles(run, host, stage)
    if (!(await run.first.lets(place, what.id))) return
    if (next.kind === 'role') await enterRole(place, next.use)
    else await step(place, next.step)
  } catch (error) {
    if (error instanceof CalledOff) {
      if (host.handlersRun.get(what.id) === 'begun') host.handlersRun.delete(what.id)
      return
    }
    if (!isExpected(error)) throw error
    fail(place, what, failureOf(error, what))
  }
}

/** Keywords that do not evaluate, and hosts that are lost in between, are that host's failures; all else is a bug. */
const isExpected = (error: unknown): boolean => error instanceof ExpressionError || error instanceof TkplayError

const announce = (run: RunState, stage: Stage): void => {
  const { state, batch, hosts } = stage
  if (state.announced.has(batch)) return
  state.announced.add(batch)
  const serial = state.batches.length > 1 ? { batch } : {}
  run.emit({ kind: 'play-started', id: playId(stage), play: state.play.name, hosts: hosts.batch, ...serial })
}

const step = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage, handler } = place
  const { cursor } = host.timeline
  if (handler ? isPassedOver(run, host, stage, one) : !run.input.selects(one.tags)) return cursor.advance()
  const started = await isStarted(place, one)
  if (started && one.module === 'meta') {
    // Before: it may end the play.
    if (handler) await handled(place, one)
    return meta(place, one)
  }
  if (started && !(await isWanted(place, one))) return cursor.advance()
  if (started && handler) host.handlersRun.set(one.id, 'begun')
  if (one.module === 'include_tasks' || one.module === 'include_role') {
    const included = await include(place, one)
    return started && included && handler ? handled(place, one) : undefined
  }
  if (!started) return cursor.advance()
  const done = await settled(place, asReached(host, stage, one))
  if (done === 'broken') return
  if (done === undefined) return cursor.advance()
  if (done !== 'shared') {
    remember(place, one, done)
    if (isBroken(done)) return broken(place, one, done)
  }
  if (handler) await handled(place, one)
  cursor.advance()
}

/** --start-at-task: whether it was found, here or before. Facts are gathered all the same, as what follows needs them. */
const isStarted = async ({ run, host, stage, path, handler }: Place, one: Step): Promise<boolean> => {
  if (run.startAt === undefined || one.id === gatherFactsId(stage.state.play)) return true
  const { name } = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), stage, handler)
  const role = one.origin.role?.name
  const names = role === undefined ? [name] : [name, name.slice(role.length + 3)]
  return host.slot.waiting(run.startAt.reached(path, names))
}

/** --step: whether the user wants it, asked once for all hosts when all before it are finished. */
const isWanted = async (place: Place, one: Step): Promise<boolean> => {
  const { run, host, stage, path, handler } = place
  if (run.confirm?.asks !== true || one.id === gatherFactsId(stage.state.play)) return true
  const { name } = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), stage, handler)
  await turnCome({ ...waitingAt(place), order: path })
  return host.slot.waiting(run.confirm.wanted(path, name))
}

/** Runs the step here, or waits for the one host that runs it for all. */
const settled = async (place: Place, one: Step): Promise<StepResult | 'broken' | 'shared' | undefined> => {
  const { run, host, stage, path, handler } = place
  const scope = (over: readonly Layer[] = []) => run.variables.scope(host.name, { play: stage.hosts, step: one, over })
  const here = waitingAt(place)
  const most = one.throttle === undefined ? undefined : numeric('throttle', one.throttle, scope())
  const work = (): Promise<StepResult> => throttled(place, one, most, () => runStep({ ...here, step: one, handler }))
  const isOnce = onceInBatch.has(one.module) || (one.runOnce !== undefined && flag(one.runOnce, scope()))
  if (!isOnce) return work()
  const holds = await asOfItsTurn(here, () => anyItemHolds(one, scope))
  const waiting = (wait: Promise<void>): Promise<void> => host.slot.waiting(wait)
  const at = { step: one, batch: stage.hosts.batch, host: host.name, path, holds }
  const shared = await run.onceOnly.forAll(at, work, waiting)
  if (shared === undefined) return undefined
  if (shared.mine) return shared.result
  if (one.register !== undefined) host.register(one.register, shared.result.value)
  shareFacts(one, host, shared.result.value)
  if (!isBroken(shared.result)) return 'shared'
  brokenElsewhere(place, one, shared.result)
  return 'broken'
}

const isBroken = ({ status }: StepResult): boolean => status === 'failed' || status === 'unreachable'

const shareFacts = (one: Step, host: Host, value: Value): void => {
  const facts = one.module === 'set_fact' && isDict(value) ? value.get('ansible_facts') : undefined
  if (isDict(facts)) for (const [name, fact] of facts) host.register(String(name), fact)
}
